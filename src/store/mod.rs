//! SQLite: the only room that knows rusqlite.
