//! Objects of an object store, which are fetched into a temporary folder and read like local files.

#[cfg(feature = "object-store")]
mod failure;
#[cfg(feature = "object-store")]
mod s3;

#[cfg(feature = "object-store")]
pub(super) use s3::fetch;

/// Replaces the fetching of objects in builds without the feature `object-store`.
///
/// # Errors
/// Always fails.
#[cfg(not(feature = "object-store"))]
pub(super) fn fetch(
    _: &accolade_core::location::StoreObject,
    _: Option<accolade_core::location::format::FileFormat>,
) -> Result<Vec<super::open::LocalFile>, super::postgres::ReasonAndHelp> {
    let help = "build it with `--features object-store`, or fetch the file and name it with `--source`";
    Err(("this accolade was built without object stores".to_owned(), Some(help.to_owned())))
}
