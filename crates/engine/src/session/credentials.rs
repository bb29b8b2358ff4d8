//! The caller's passwords and keys for servers and object stores.

use std::io;
use std::path::PathBuf;

use accolade_core::location::{PostgresDatabase, Secret, StoreAccess};

/// A provider of passwords and keys for the data of a session.
pub trait Credentials {
    /// The password for a server, if one is known.
    ///
    /// # Errors
    /// Fails with the path of a password file that cannot be read.
    fn password(&self, server: &PostgresDatabase) -> Result<Option<Secret>, (PathBuf, io::Error)>;

    /// How object stores are reached.
    fn store_access(&self) -> StoreAccess;
}
