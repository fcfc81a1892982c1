//! valzer turns a folder of news articles into a relational dataset of **who moved where**.
//!
//! ```text
//! files ──ingest──▶ Article ──extract──▶ ArticleClaims ──resolve──▶ Dataset ──store──▶ SQLite ──export──▶ CSV
//! ```
//!
//! [`ingest`] turns files into [`model::Article`]s: clean text, a publication date, a language. [`extract`] reads one
//! article, with a language pack of [`lang`], and says what it claims: [`model::MoveClaim`]s and
//! [`model::PositionClaim`]s, every slot tied to the words it came from. [`resolve`] puts the claims of all articles
//! together into a [`resolve::Dataset`]: one row for each real person, firm, role, position and move. [`store`] keeps
//! claims, the user's decisions and the dataset in SQLite; [`export`] writes CSV. [`pipeline`] runs the stages over
//! many articles; [`eval`] measures them against gold; [`cli`] is the command line.
//!
//! Extraction is a pure function of the article and the packs; resolution a pure function of the set of claims. So the
//! same articles give the same bytes, in any order and on any number of threads. What can go wrong is [`Error`].

pub mod text;
pub mod lang;
pub mod knowledge;
pub mod model;
pub mod error;
pub mod ingest;
pub mod extract;
pub mod resolve;
pub mod store;
pub mod export;
pub mod eval;
pub mod pipeline;
pub mod cli;

pub use error::Error;
