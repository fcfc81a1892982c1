//! Figures against gold; pure.
