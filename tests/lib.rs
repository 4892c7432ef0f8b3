//! The suite from outside; there is nothing here but tests.
