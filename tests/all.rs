//! The integration tests: one binary, one module a subject.

mod any_text;
mod cli;
mod decide;
mod eval;
mod ingest;
mod packs;
mod pipeline;
mod store;
mod support;
mod reading;
mod resolve;
mod walls;
