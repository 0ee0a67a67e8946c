//! A folder of small signed files in one process: what verifying costs beside the digests and the
//! signatures of the signers alone, with and without what a batch remembers.
//!
//! ```text
//! kyso-bench-batch [--files 10000] [--signers 100] [--authorities 3] [--rounds 3]
//!                  [--page 7000] [--keep FILE] [--quick] [--profile]
//! ```
//!
//! `--page` is the size of the page's content in octets: 7000 makes files of 25 KB, most of it the
//! signature; 900000 makes what a ministry signs by the thousand.
//!
//! `--keep` writes what was made into a file, and reads it from there the next time (of the
//! numbers only `--files` counts then): hundred RSA keys take a minute. `--quick` compares no reports. `--profile` verifies alone, for `perf` to look at.
//!
//! Everything lies in memory before the clock starts, and one thread runs. CPU time is that of the
//! process, user and system; of the rounds, which take turns, the least counts. The floor:
//!
//! - `digest and signature`: SHA-256 of the signed range, and the signer's RSA-2048 over the signed
//!   attributes, by the same calls of the same library;
//! - `with the name of the file`: the same, and SHA-256 of the whole file, which every report has,
//!   sharing the pass up to the signature as well as can be.
//!
//! The reports of both ways are compared as JSON, octet by octet.

use std::error::Error;
use std::hint::black_box;

use cpu_time::ProcessTime;
use kyso::cms::SignedData;
use kyso::der::{Reader, Tag, write};
use kyso::{Certificate, Indication, Limits, LocalKey, Time, TrustStore, Verifier, sign};
use kyso_sandbox::{
    Attribute, Authority, BasicConstraints, Issued, KeyKind, KeyUse, PersonProfile, Recipe,
    Settings, SubjectName,
};
use ring::digest::{Context, SHA256};
use ring::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RsaPublicKeyComponents};

type Failure = Box<dyn Error>;

/// 2026-01-01.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

fn main() -> Result<(), Failure> {
    let files = option("--files", 10_000)?;
    let signers = option("--signers", 100)?;
    let authorities = option("--authorities", 3)?;
    let rounds = option("--rounds", 3)?;
    let page = option("--page", 7_000)?;
    let world = World::kept(files, signers, authorities, page)?;
    let octets: usize = world.files.iter().map(Vec::len).sum();
    let files = world.files.len();
    println!(
        "{files} files of {} octets on average, {signers} signers, {authorities} authorities",
        octets / files.max(1)
    );
    let remembering = world.verifier()?;
    if std::env::args().any(|word| word == "--profile") {
        for _ in 0..rounds {
            verify_all(&remembering, &world.files);
        }
        return Ok(());
    }
    if !std::env::args().any(|word| word == "--quick") {
        world.compare(&remembering, &world.verifier()?.remember(false))?;
    }

    let floors: Vec<Floor> = world
        .files
        .iter()
        .map(|file| Floor::of(file))
        .collect::<Result<_, _>>()?;
    let mut best = [f64::MAX; 4];
    for _ in 0..rounds {
        // A fresh one each time: what the first file of each signer costs belongs to the batch.
        let (with, without) = (world.verifier()?, world.verifier()?.remember(false));
        let took = [
            timed(|| floors.iter().for_each(|floor| floor.work(false))),
            timed(|| floors.iter().for_each(|floor| floor.work(true))),
            timed(|| verify_all(&with, &world.files)),
            timed(|| verify_all(&without, &world.files)),
        ];
        for (least, took) in best.iter_mut().zip(took) {
            *least = least.min(took);
        }
    }
    let names = [
        "digest and signature",
        "with the name of the file",
        "verify, remembering",
        "verify, remembering nothing",
    ];
    for (name, seconds) in names.iter().zip(best) {
        println!(
            "{name:<28} {seconds:7.3} s CPU  {:6.1} us a file  {:5.2} x floor  {:5.2} x with name",
            seconds * 1e6 / files as f64,
            seconds / best[0],
            seconds / best[1],
        );
    }
    Ok(())
}

fn option(name: &str, default: usize) -> Result<usize, Failure> {
    let words: Vec<String> = std::env::args().collect();
    match words.iter().position(|word| word == name) {
        Some(at) => Ok(words.get(at + 1).ok_or("a number is missing")?.parse()?),
        None => Ok(default),
    }
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = ProcessTime::now();
    work();
    start.elapsed().as_secs_f64()
}

fn verify_all(verifier: &Verifier, files: &[Vec<u8>]) {
    for file in files {
        let _ = black_box(verifier.verify(black_box(file)));
    }
}

/// The files, and what it takes to judge them.
struct World {
    files: Vec<Vec<u8>>,
    roots: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
}

impl World {
    /// As made before and kept in a file, else made now.
    fn kept(
        files: usize,
        signers: usize,
        authorities: usize,
        page: usize,
    ) -> Result<Self, Failure> {
        let words: Vec<String> = std::env::args().collect();
        let place = words.iter().position(|word| word == "--keep");
        let Some(place) = place.and_then(|at| words.get(at + 1)) else {
            return Self::new(files, signers, authorities, page);
        };
        if let Ok(octets) = std::fs::read(place) {
            let mut reader = Reader::new(&octets, 4);
            let mut parts = [Vec::new(), Vec::new(), Vec::new()];
            for part in &mut parts {
                let mut items = reader.expect(Tag::SEQUENCE)?.reader()?;
                while !items.is_empty() {
                    part.push(items.octet_string()?.into_owned());
                }
            }
            let [mut kept, roots, lists] = parts;
            kept.truncate(files);
            return Ok(Self {
                files: kept,
                roots,
                lists,
            });
        }
        let world = Self::new(files, signers, authorities, page)?;
        let mut octets = Vec::new();
        for part in [&world.files, &world.roots, &world.lists] {
            let items: Vec<Vec<u8>> = part.iter().map(|item| write::octet_string(item)).collect();
            octets.extend(write::sequence(&items));
        }
        std::fs::write(place, octets)?;
        Ok(world)
    }

    fn new(files: usize, signers: usize, authorities: usize, page: usize) -> Result<Self, Failure> {
        let authority = Authority::new(&Settings::new(NOW))?;
        let mut world = Self {
            files: Vec::new(),
            roots: Vec::new(),
            lists: Vec::new(),
        };
        let mut drawn = Vec::new();
        for number in 0..authorities {
            let of = |what: &str| {
                let name = format!("{what} {number} (KHÔNG CÓ GIÁ TRỊ PHÁP LÝ)");
                let subject = SubjectName::new().with(Attribute::CommonName, &name);
                let mut recipe = Recipe::new(
                    subject,
                    KeyKind::Rsa2048,
                    NOW - 999 * DAY,
                    NOW + 9_999 * DAY,
                );
                recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
                let constraint = BasicConstraints::Authority { path_length: None };
                recipe.basic_constraints = Some(constraint);
                recipe
            };
            let root = of("Root").self_signed()?;
            let issuing = of("CA").signed_by(&root)?;
            world.roots.push(root.certificate_der.clone());
            world.lists.push(list(&root)?);
            world.lists.push(list(&issuing)?);
            drawn.push((root, issuing));
        }
        let mut keys = Vec::new();
        for number in 0..signers {
            let (root, issuing) = &drawn[number % authorities];
            let mut profile = PersonProfile::example();
            profile.name = format!("Nguyễn Văn Ví Dụ {number}");
            let issued = authority.person_recipe(&profile).signed_by(issuing)?;
            let chain =
                [&issued, issuing, root].map(|one| Certificate::from_der(&one.certificate_der));
            let chain = chain.into_iter().collect::<Result<Vec<_>, _>>()?;
            let (key, certificate) = (issued.private_key_pem(), issued.certificate_pem());
            let key = LocalKey::from_pem(key.as_bytes(), certificate.as_bytes(), None)?;
            keys.push(key.with_chain(chain));
        }
        let at = Time::from_unix(NOW - DAY).at_offset(Time::VIET_NAM);
        for number in 0..files {
            let input = document(number, page);
            let key = &keys[number * 7 % signers];
            let signed = sign::pdf(&input, at).reserve(0).sign(key)?;
            world.files.push(signed.to_vec());
        }
        Ok(world)
    }

    fn verifier(&self) -> Result<Verifier, Failure> {
        let mut verifier =
            Verifier::new(Time::from_unix(NOW)).trust(TrustStore::from_der_many(&self.roots)?);
        for list in &self.lists {
            verifier.add_evidence(list)?;
        }
        Ok(verifier)
    }

    /// Every report says TOTAL-PASSED, and says it in the same octets either way.
    fn compare(&self, with: &Verifier, without: &Verifier) -> Result<(), Failure> {
        for (number, file) in self.files.iter().enumerate() {
            let (a, b) = (with.verify(file), without.verify(file));
            if a.indication() != Some(Indication::TotalPassed) {
                return Err(format!("file {number}: {}", a.to_text(kyso::Lang::En)).into());
            }
            if a.to_json(kyso::Lang::Vi) != b.to_json(kyso::Lang::Vi) {
                return Err(format!("file {number}: the reports differ").into());
            }
        }
        println!(
            "{} reports are the same, octet by octet, and say TOTAL-PASSED",
            self.files.len()
        );
        Ok(())
    }
}

/// What cannot be left out of verifying one file.
struct Floor<'f> {
    parts: [&'f [u8]; 2],
    gap: &'f [u8],
    attributes: Vec<u8>,
    signature: Vec<u8>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl<'f> Floor<'f> {
    fn of(file: &'f [u8]) -> Result<Self, Failure> {
        let key = b"/Contents<";
        let found = file.windows(key.len()).position(|window| window == key);
        let open = found.ok_or("no signature")? + key.len() - 1;
        let close = open
            + file[open..]
                .iter()
                .position(|o| *o == b'>')
                .ok_or("no end")?
            + 1;
        let digit = |octet: u8| char::from(octet).to_digit(16).unwrap_or(0) as u8;
        let cms: Vec<u8> = file[open + 1..close - 1]
            .chunks_exact(2)
            .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
            .collect();
        let cms = SignedData::parse(&cms, &Limits::default())?;
        let signer = cms.signer_infos.first().ok_or("no signer")?;
        let attributes = signer.signed_attributes.as_ref().ok_or("no attributes")?;
        let attributes = attributes.original_as_set();
        let algorithm = &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
        let mut key = None;
        for der in &cms.certificates {
            let certificate = Certificate::from_der(der)?;
            let (n, e) = numbers(certificate.public_key().spki_der())?;
            let tried = RsaPublicKeyComponents { n: &n, e: &e };
            if tried
                .verify(algorithm, &attributes, &signer.signature)
                .is_ok()
            {
                key = Some((n, e));
            }
        }
        let (modulus, exponent) = key.ok_or("no certificate of the signer")?;
        Ok(Self {
            parts: [&file[..open], &file[close..]],
            gap: &file[open..close],
            attributes,
            signature: signer.signature.to_vec(),
            modulus,
            exponent,
        })
    }

    fn work(&self, name: bool) {
        let mut signed = Context::new(&SHA256);
        signed.update(black_box(self.parts[0]));
        if name {
            let mut whole = signed.clone();
            whole.update(self.gap);
            whole.update(self.parts[1]);
            black_box(whole.finish());
        }
        signed.update(self.parts[1]);
        black_box(signed.finish());
        let key = RsaPublicKeyComponents {
            n: &self.modulus,
            e: &self.exponent,
        };
        let algorithm = &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
        let holds = key.verify(algorithm, &self.attributes, &self.signature);
        assert!(holds.is_ok(), "the floor does not verify");
    }
}

/// Modulus and exponent of an RSA key of 2048 bits.
fn numbers(spki: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let from = spki.len().checked_sub(256 + 5).ok_or("no RSA key")?;
    let (modulus, exponent) = spki[from..].split_at(256);
    if exponent[..2] != [2, 3] {
        return Err("an unusual RSA key".into());
    }
    Ok((modulus.to_vec(), exponent[2..].to_vec()))
}

/// A revocation list without the signers of this batch, of the size that a small authority has.
fn list(authority: &Issued) -> Result<Vec<u8>, Failure> {
    let certificate = Certificate::from_der(&authority.certificate_der)?;
    let algorithm =
        write::sequence(&[write::oid(&"1.2.840.113549.1.1.11".parse()?), write::null()]);
    let time = |at| write::time(Time::from_unix(at));
    let entries: Vec<Vec<u8>> = (0..200_u16)
        .map(|number| {
            let serial = write::unsigned_integer(&[0x7f, (number >> 8) as u8, number as u8]);
            write::sequence(&[serial, time(NOW - 30 * DAY)])
        })
        .collect();
    let tbs = write::sequence(&[
        write::integer(1),
        algorithm.clone(),
        certificate.subject().der().to_vec(),
        time(NOW - DAY),
        time(NOW + 6 * DAY),
        write::sequence(&entries),
    ]);
    let signature = write::bit_string(&authority.sign(&tbs)?);
    Ok(write::sequence(&[tbs, algorithm, signature]))
}

/// Two dozen objects, and a page of so many octets of what compressed text looks like.
fn document(number: usize, page: usize) -> Vec<u8> {
    let mut bodies = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
          /Resources<</Font<</F1 5 0 R>>>>>>"
            .to_vec(),
    ];
    let mut state = number as u64 * 0x9e37_79b9_7f4a_7c15 + 1;
    let page: Vec<u8> = (0..page)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // No octet that could be taken for the end of the stream.
            b'!' + (state % 90) as u8
        })
        .collect();
    let mut stream = format!("<</Length {}>>stream\n", page.len()).into_bytes();
    stream.extend(page);
    stream.extend(b"\nendstream");
    bodies.push(stream);
    bodies.push(b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>".to_vec());
    for widths in 0..20 {
        bodies.push(format!("[{}]", format!("{} ", 400 + widths).repeat(20)).into_bytes());
    }
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", bodies.len() + 1);
    for (index, body) in bodies.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        file.extend(body);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.into_bytes());
    let size = bodies.len() + 1;
    file.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes(),
    );
    file
}
