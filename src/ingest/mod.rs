//! Files to articles: one file per format.
