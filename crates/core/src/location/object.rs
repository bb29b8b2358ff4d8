//! Objects of an object store that speaks the protocol of Amazon S3.

use std::fmt;
use std::path::Path;

use super::Secret;
use crate::location::format::FileFormat;

/// An object of a bucket, or all objects below a prefix or that match a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreObject {
    bucket: String,
    key: String,
    part: Option<String>,
    access: StoreAccess,
}

/// The address of an object store and the credentials for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreAccess {
    /// The address of a store that is not Amazon's.
    pub endpoint: Option<String>,
    /// Whether the endpoint may be one without TLS.
    pub allow_http: bool,
    /// The region, if it is not `us-east-1`.
    pub region: Option<String>,
    /// The identifier of the access key and its secret.
    pub key: Option<(String, Secret)>,
    /// The session token of a temporary key.
    pub token: Option<Secret>,
}

const SCHEME: &str = "s3://";

impl StoreObject {
    /// The object that a URL names, if it is a URL of an object.
    pub(super) fn parse(url: &str) -> Option<Result<StoreObject, String>> {
        let rest = url.strip_prefix(SCHEME)?;
        let Some((bucket, key)) = rest.split_once('/').filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty())
        else {
            return Some(Err("it does not have the form `s3://bucket/orders.csv`".to_owned()));
        };
        let (key, part) = match key.rsplit_once('#') {
            Some((key, part)) if FileFormat::from_ending(Path::new(key)).is_some_and(FileFormat::has_parts) => {
                (key, Some(part))
            }
            _ => (key, None),
        };
        let (bucket, key, part) = (bucket.to_owned(), key.to_owned(), part.map(str::to_owned));
        Some(Ok(StoreObject { bucket, key, part, access: StoreAccess::default() }))
    }

    /// Its bucket.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Its key, or a prefix that ends in `/`, or a pattern.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The sheet or the table, instead of the one that the rule file names.
    pub fn part(&self) -> Option<&str> {
        self.part.as_deref()
    }

    /// The address of the store and the credentials for it.
    pub fn access(&self) -> &StoreAccess {
        &self.access
    }

    /// Sets the address of the store and the credentials for it.
    pub fn set_access(&mut self, access: StoreAccess) {
        self.access = access;
    }

    /// The address, as findings show it, of the object of this bucket with a key.
    pub fn address(&self, key: &str) -> String {
        format!("{SCHEME}{}/{key}", self.bucket)
    }
}

impl fmt::Display for StoreObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address(&self.key))
    }
}
