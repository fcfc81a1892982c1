//! Joins the stages for many articles: parallel, incremental, with progress.
