//! The public suites, and lists made on the spot.

mod answers;
mod made;
mod suites;
