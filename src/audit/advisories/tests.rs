//! Tests against the excerpt of the database.
