//! The border between C and Rust: all pointer work, and the only place where a panic is caught.
//!
//! A function of `kyso.h` makes a [`Caller`] first; its methods turn arguments into references,
//! guards and results that the rest of this crate uses without `unsafe`. What Rust cannot check is
//! written in the comment at the top of `kyso.h`, under "The rules"; every `SAFETY:` line names the
//! rule it stands on. What can be checked is: NULL, lengths, alignment, UTF-8, the type of an
//! object by its tag, and two calls on one object at a time by a counter inside it.

use std::ffi::{CStr, CString, c_char, c_void};
use std::marker::PhantomData;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use kyso::{Envelope, Error, ErrorKind, Limits, Place};
use kyso_map::Input;

use crate::error::{Failure, kyso_error};
use crate::signing::kyso_sign_callback;
use crate::status::{KYSO_INTERNAL, KYSO_OK, kyso_status, number, refusal};

/// An opaque type of `kyso.h`, and the value behind it.
pub(crate) trait Handle {
    /// The value.
    type Value: Send + Sync;
    /// Eight octets that no other type has; they stand at the head of every object.
    const TAG: u64;
    /// The name in `kyso.h`.
    const NAME: &'static str;
}

/// What a handle points at. The head is the same for every type, so that the tag can be read before
/// the type is known.
#[repr(C)]
struct Object<T> {
    head: Head,
    value: std::cell::UnsafeCell<T>,
}

#[repr(C)]
struct Head {
    tag: AtomicU64,
    /// How many calls read the value at this moment; [`CHANGING`] when one changes it.
    users: AtomicU32,
}

/// Stands for the promises that the C caller makes by calling a function of `kyso.h`.
pub(crate) struct Caller(PhantomData<*const ()>);

impl Caller {
    /// Takes the C caller at its word, for the time of this call.
    ///
    /// # Safety
    ///
    /// To be made at the beginning of a function of `kyso.h`, whose arguments are the only pointers
    /// given to its methods; the C caller has kept the rules of `kyso.h` for them.
    pub(crate) unsafe fn promises() -> Self {
        Self(PhantomData)
    }

    /// Does the work of a fallible function, and hands out its error.
    pub(crate) fn status(
        &self,
        error: *mut *mut kyso_error,
        work: impl FnOnce() -> Result<(), Error>,
    ) -> kyso_status {
        let failure = match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(())) => return KYSO_OK,
            Ok(Err(failure)) => failure,
            Err(panic) => {
                // Dropping what was thrown may throw once more; a few octets are the lesser evil.
                mem::forget(panic);
                Error::new(ErrorKind::Internal, "a panic was caught at the border")
            }
        };
        let status = number(failure.kind());
        if !error.is_null() && error.is_aligned() {
            let Ok(object) = catch_unwind(AssertUnwindSafe(|| new(Failure::new(failure)))) else {
                return KYSO_INTERNAL;
            };
            // SAFETY: "Errors": the last argument is NULL or points to a `kyso_error *` that this
            // call may write; what stands there is not read.
            unsafe { error.write(object) };
        }
        status
    }

    /// Does the work of a function that makes one object and hands it out.
    pub(crate) fn create<H: Handle>(
        &self,
        out: *mut *mut H,
        error: *mut *mut kyso_error,
        work: impl FnOnce() -> Result<H::Value, Error>,
    ) -> kyso_status {
        self.status(error, || {
            let out = self.out("out", out)?;
            out.set(new::<H>(work()?));
            Ok(())
        })
    }

    /// Does the work of a function that answers with a value; `otherwise` where it cannot.
    pub(crate) fn answer<T>(&self, otherwise: T, work: impl FnOnce() -> Result<T, Error>) -> T {
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(value)) => value,
            Ok(Err(_)) => otherwise,
            Err(panic) => {
                mem::forget(panic);
                otherwise
            }
        }
    }

    /// Makes an object that cannot fail to be made; NULL after a panic.
    pub(crate) fn make<H: Handle>(&self, work: impl FnOnce() -> H::Value) -> *mut H {
        self.answer(ptr::null_mut(), || Ok(new(work())))
    }

    /// Octets that are borrowed for this call.
    pub(crate) fn bytes(
        &self,
        name: &'static str,
        data: *const u8,
        len: usize,
    ) -> Result<&[u8], Error> {
        if len == 0 {
            return Ok(&[]);
        }
        if data.is_null() {
            return Err(misuse("a pointer is NULL and its length is not 0", name));
        }
        if isize::try_from(len).is_err() || data.addr().checked_add(len).is_none() {
            return Err(misuse("a length is larger than memory", name));
        }
        // SAFETY: "Octets": a pointer with a length points to that many readable octets, which
        // nobody changes before the call returns.
        Ok(unsafe { slice::from_raw_parts(data, len) })
    }

    /// Text in UTF-8.
    pub(crate) fn text(&self, name: &'static str, text: *const c_char) -> Result<&str, Error> {
        self.c_text(name, text)?
            .to_str()
            .map_err(|_| misuse("text is not UTF-8", name))
    }

    /// Text in UTF-8, or NULL.
    pub(crate) fn optional_text(
        &self,
        name: &'static str,
        text: *const c_char,
    ) -> Result<Option<&str>, Error> {
        if text.is_null() {
            return Ok(None);
        }
        self.text(name, text).map(Some)
    }

    /// A path: any octets on Unix, UTF-8 elsewhere.
    pub(crate) fn path(&self, name: &'static str, path: *const c_char) -> Result<PathBuf, Error> {
        let path = self.c_text(name, path)?;
        if path.is_empty() {
            return Err(misuse("a path is empty", name));
        }
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            Ok(PathBuf::from(std::ffi::OsStr::from_bytes(path.to_bytes())))
        }
        #[cfg(not(unix))]
        path.to_str()
            .map(PathBuf::from)
            .map_err(|_| misuse("a path is not UTF-8", name))
    }

    fn c_text(&self, name: &'static str, text: *const c_char) -> Result<&CStr, Error> {
        if text.is_null() {
            return Err(misuse("a pointer is NULL", name));
        }
        // SAFETY: "Text": a `const char *` points to text that ends with a NUL, which nobody changes
        // before the call returns.
        Ok(unsafe { CStr::from_ptr(text) })
    }

    /// An object that is read by this call.
    pub(crate) fn shared<H: Handle>(&self, object: *const H) -> Result<Shared<'_, H>, Error> {
        let object = self.object(object)?;
        let taken = object
            .head
            .users
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |users| {
                (users < MOST_READERS).then(|| users + 1)
            });
        match taken {
            Ok(_) => Ok(Shared { object }),
            Err(_) => Err(misuse(
                "the object is being changed by another call",
                H::NAME,
            )),
        }
    }

    /// An object that is changed by this call.
    pub(crate) fn exclusive<H: Handle>(&self, object: *mut H) -> Result<Exclusive<'_, H>, Error> {
        let object = self.object(object.cast_const())?;
        match claim(&object.head) {
            Claim::Taken => Ok(Exclusive { object }),
            Claim::InUse => Err(misuse("the object is in use by another call", H::NAME)),
        }
    }

    /// Ends an object. NULL, a stranger, and an object that another call uses are left alone.
    pub(crate) fn free<H: Handle>(&self, object: *mut H) {
        self.answer((), || {
            let found = self.object(object.cast_const())?;
            let Claim::Taken = claim(&found.head) else {
                return Ok(());
            };
            found.head.tag.store(FREED, Ordering::Relaxed);
            // SAFETY: "Objects": `_free` is called once, and the object is not used afterwards. The
            // tag says that `new` made it for this very type, and no other call uses it.
            drop(unsafe { Box::from_raw(object.cast::<Object<H::Value>>()) });
            Ok(())
        });
    }

    fn object<H: Handle>(&self, object: *const H) -> Result<&Object<H::Value>, Error> {
        if object.is_null() {
            return Err(misuse("the object is NULL", H::NAME));
        }
        let object = object.cast::<Object<H::Value>>();
        if !object.is_aligned() {
            return Err(misuse("the pointer is no object", H::NAME));
        }
        // SAFETY: "Objects": an object comes from this library and was not freed; whatever its type,
        // it begins with a head. Heads are only ever shared.
        let head = unsafe { &*object.cast::<Head>() };
        if head.tag.load(Ordering::Relaxed) != H::TAG {
            return Err(misuse(
                "the object is of another type, or was freed",
                H::NAME,
            ));
        }
        // SAFETY: as above; the tag says that the whole is an `Object` of this type.
        Ok(unsafe { &*object })
    }

    /// Where a result is to be written. NULL is refused before any work is done.
    pub(crate) fn out<T>(&self, name: &'static str, out: *mut T) -> Result<Out<'_, T>, Error> {
        if out.is_null() {
            return Err(misuse("a pointer is NULL", name));
        }
        if !out.is_aligned() {
            return Err(misuse("a pointer is not aligned", name));
        }
        Ok(Out {
            place: out,
            caller: PhantomData,
        })
    }

    /// A signing function of the caller's.
    pub(crate) fn signing(
        &self,
        callback: kyso_sign_callback,
        userdata: *mut c_void,
    ) -> Result<Signing<'_>, Error> {
        Ok(Signing {
            function: callback.ok_or_else(|| misuse("a function is NULL", "callback"))?,
            userdata,
            caller: PhantomData,
        })
    }
}

/// A function of the caller's that signs.
pub(crate) struct Signing<'c> {
    function: unsafe extern "C-unwind" fn(
        *mut c_void,
        *const u8,
        usize,
        *const u8,
        usize,
        *mut u8,
        usize,
        *mut usize,
    ) -> kyso_status,
    userdata: *mut c_void,
    caller: PhantomData<&'c Caller>,
}

impl Signing<'_> {
    /// Calls the function.
    pub(crate) fn sign(&self, message: &[u8], digest: &[u8]) -> Result<Vec<u8>, Error> {
        // A fence behind the room: what is written a little too far is noticed and does no harm.
        let mut room = vec![FENCE; SIGNATURE_ROOM + FENCE_LEN];
        let mut len = 0usize;
        // SAFETY: "kyso_sign_callback": the function reads the two inputs, writes at most `out_cap`
        // octets to `out` and one number to `out_len`, and uses `userdata` as its owner meant it. All
        // of them live until it returns.
        let status = unsafe {
            (self.function)(
                self.userdata,
                message.as_ptr(),
                message.len(),
                digest.as_ptr(),
                digest.len(),
                room.as_mut_ptr(),
                SIGNATURE_ROOM,
                &raw mut len,
            )
        };
        if status != KYSO_OK {
            return Err(Error::new(refusal(status), "the signing function refused")
                .at(Place::Part(format!("status {status}"))));
        }
        let failed = |detail| Err(Error::new(ErrorKind::SignerFailed, detail));
        if room
            .split_off(SIGNATURE_ROOM)
            .iter()
            .any(|octet| *octet != FENCE)
        {
            return failed("the signing function wrote beyond the room it was given");
        }
        if len > SIGNATURE_ROOM {
            return failed("the signing function claims more octets than there is room for");
        }
        if len == 0 {
            return failed("the signing function gave no signature");
        }
        room.truncate(len);
        Ok(room)
    }
}

/// An object that is read.
pub(crate) struct Shared<'c, H: Handle> {
    object: &'c Object<H::Value>,
}

impl<H: Handle> Deref for Shared<'_, H> {
    type Target = H::Value;

    fn deref(&self) -> &H::Value {
        // SAFETY: the counter in the head says that readers have it, so nobody changes it.
        unsafe { &*self.object.value.get() }
    }
}

impl<H: Handle> Drop for Shared<'_, H> {
    fn drop(&mut self) {
        self.object.head.users.fetch_sub(1, Ordering::Release);
    }
}

/// An object that is changed.
pub(crate) struct Exclusive<'c, H: Handle> {
    object: &'c Object<H::Value>,
}

impl<H: Handle> Deref for Exclusive<'_, H> {
    type Target = H::Value;

    fn deref(&self) -> &H::Value {
        // SAFETY: the mark in the head says that this guard alone has it.
        unsafe { &*self.object.value.get() }
    }
}

impl<H: Handle> DerefMut for Exclusive<'_, H> {
    fn deref_mut(&mut self) -> &mut H::Value {
        // SAFETY: the mark in the head says that this guard alone has it.
        unsafe { &mut *self.object.value.get() }
    }
}

impl<H: Handle> Drop for Exclusive<'_, H> {
    fn drop(&mut self) {
        self.object.head.users.store(0, Ordering::Release);
    }
}

enum Claim {
    Taken,
    InUse,
}

fn claim(head: &Head) -> Claim {
    match head
        .users
        .compare_exchange(0, CHANGING, Ordering::Acquire, Ordering::Relaxed)
    {
        Ok(_) => Claim::Taken,
        Err(_) => Claim::InUse,
    }
}

/// Where one result goes.
pub(crate) struct Out<'c, T> {
    place: *mut T,
    caller: PhantomData<&'c Caller>,
}

impl<T: Copy> Out<'_, T> {
    /// Writes it.
    pub(crate) fn set(self, value: T) {
        // SAFETY: "Results": a pointer to a result points to a variable of that type that this call
        // may write; it is not NULL and aligned, and what stands there is not read.
        unsafe { self.place.write(value) };
    }
}

fn new<H: Handle>(value: H::Value) -> *mut H {
    Box::into_raw(Box::new(Object {
        head: Head {
            tag: AtomicU64::new(H::TAG),
            users: AtomicU32::new(0),
        },
        value: std::cell::UnsafeCell::new(value),
    }))
    .cast()
}

/// Text for C: what stands after a NUL would be lost, so a NUL becomes U+FFFD.
pub(crate) fn c_string(text: impl Into<Vec<u8>>) -> CString {
    CString::new(text).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(&error.into_vec()).replace('\0', "\u{fffd}");
        CString::new(text).unwrap_or_default()
    })
}

/// An error about an argument.
pub(crate) fn misuse(detail: &'static str, argument: &'static str) -> Error {
    Error::new(ErrorKind::Misuse, detail).at(Place::Part(argument.into()))
}

/// An envelope together with the bytes it was read from.
pub(crate) struct OwnedEnvelope {
    /// Always `Some` but while it is dropped. The lifetime is that of `input`, in truth.
    envelope: Option<Envelope<'static>>,
    input: ptr::NonNull<Input>,
}

impl OwnedEnvelope {
    pub(crate) fn read(input: Input, limits: &Limits) -> Result<Self, Error> {
        let input = ptr::NonNull::from(Box::leak(Box::new(input)));
        let mut owned = Self {
            envelope: None,
            input,
        };
        // SAFETY: the box was leaked just now and is taken back in `drop` only, after the envelope;
        // nothing changes or moves it in between, and `envelope` never lends out the long lifetime.
        let bytes: &'static [u8] = unsafe { owned.input.as_ref() };
        owned.envelope = Some(Envelope::read(bytes, limits)?);
        Ok(owned)
    }

    pub(crate) fn envelope(&self) -> Result<&Envelope<'_>, Error> {
        self.envelope
            .as_ref()
            .ok_or_else(|| Error::new(ErrorKind::Internal, "an envelope without content"))
    }
}

impl Drop for OwnedEnvelope {
    fn drop(&mut self) {
        self.envelope = None;
        // SAFETY: `read` leaked this box, nothing else frees it, and its last borrower is gone.
        drop(unsafe { Box::from_raw(self.input.as_ptr()) });
    }
}

// SAFETY: the pointer is a box in all but name, and both parts of the pair may go to other threads.
unsafe impl Send for OwnedEnvelope where Envelope<'static>: Send {}
// SAFETY: as above; shared access only reads.
unsafe impl Sync for OwnedEnvelope where Envelope<'static>: Sync {}

const FREED: u64 = 0;
const CHANGING: u32 = u32::MAX;
const MOST_READERS: u32 = u32::MAX - 1;
/// RSA of 16384 bits needs 2048 octets.
const SIGNATURE_ROOM: usize = 4_096;
const FENCE: u8 = 0xa5;
const FENCE_LEN: usize = 64;
