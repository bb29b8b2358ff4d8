//! Passwords and keys from the environment.

use std::io;
use std::path::PathBuf;

use accolade_engine::Secret;
use accolade_engine::location::{PostgresDatabase, StoreAccess};
use accolade_engine::session::Credentials;

use crate::{passwords, stores};

/// Takes passwords and keys from where the programs of PostgreSQL and Amazon do.
#[derive(Debug)]
pub(crate) struct Environment;

impl Credentials for Environment {
    fn password(&self, server: &PostgresDatabase) -> Result<Option<Secret>, (PathBuf, io::Error)> {
        passwords::find_password(server)
    }

    fn store_access(&self) -> StoreAccess {
        stores::access()
    }
}
