//! The dataset in files for people: one file per format.
