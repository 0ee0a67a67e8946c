//! The public suites, and lists made on the spot.

mod made;
mod suites;
