//! Fetching from stores that speak the protocol of Amazon S3.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use accolade_core::location::StoreObject;
use accolade_core::location::format::FileFormat;
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use tempfile::TempDir;
use ureq::http::Response;
use ureq::{Agent, Body};
use url::Url;

use super::failure::{refusal, unreached};
use crate::source::open::LocalFile;
use crate::source::pattern;
use crate::source::postgres::ReasonAndHelp;

/// The timeouts for connecting and for the beginning of a response.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(60));

/// How long a signed request is valid.
const SIGNED: Duration = Duration::from_secs(900);

/// Fetches the objects that `object` stands for, in the order of their keys.
///
/// # Errors
/// Fails when there are no such objects or one of them cannot be fetched. The error is the reason and an optional help.
pub(in crate::source) fn fetch(
    object: &StoreObject,
    format: Option<FileFormat>,
) -> Result<Vec<LocalFile>, ReasonAndHelp> {
    let store = BucketReader::new(object)?;
    let mut keys = store.keys()?;
    if keys.is_empty() {
        let what =
            if object.key().ends_with('/') { "the folder has no data files" } else { "no object fits the pattern" };
        return Err((what.to_owned(), None));
    }
    keys.sort();
    let names: Vec<PathBuf> = keys.iter().map(PathBuf::from).collect();
    pattern::unpacked_once(&names)?;
    if format.is_none() {
        pattern::one_format(&names)?;
    }
    let folder = Arc::new(TempDir::with_prefix("accolade-").map_err(|error| unwritten(&error))?);
    let fetched = |(index, key): (usize, &String)| {
        let path = folder.path().join(format!("{index}{}", endings(key)));
        store.save(key, &path)?;
        Ok(LocalFile { path, name: object.address(key), fetched: Some(Arc::clone(&folder)) })
    };
    keys.iter().enumerate().map(fetched).collect()
}

/// The endings of an object's name, such as `.csv.gz`, which determine its format.
fn endings(key: &str) -> &str {
    let name = key.rsplit_once('/').map_or(key, |(_, name)| name);
    name.find('.').map_or("", |at| &name[at..])
}

/// A bucket, with the credentials and the client to read it.
struct BucketReader<'a> {
    object: &'a StoreObject,
    bucket: Bucket,
    credentials: Credentials,
    agent: Agent,
}

impl<'a> BucketReader<'a> {
    fn new(object: &'a StoreObject) -> Result<BucketReader<'a>, ReasonAndHelp> {
        let access = object.access();
        let Some((name, key)) = &access.key else {
            let help =
                "set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, and `AWS_SESSION_TOKEN` for a temporary key";
            return Err(("there are no credentials for the object store".to_owned(), Some(help.to_owned())));
        };
        let credentials = match &access.token {
            Some(token) => Credentials::new_with_token(name, key.reveal(), token.reveal()),
            None => Credentials::new(name, key.reveal()),
        };
        let region = access.region.clone().unwrap_or_else(|| "us-east-1".to_owned());
        let (endpoint, style) = match &access.endpoint {
            Some(endpoint) => (endpoint.clone(), UrlStyle::Path),
            // The wildcard certificate of the host does not cover bucket names with dots.
            None if object.bucket().contains('.') => (amazon(&region), UrlStyle::Path),
            None => (amazon(&region), UrlStyle::VirtualHost),
        };
        if endpoint.starts_with("http://") && !access.allow_http {
            let help = "use `https://`, or set `AWS_ALLOW_HTTP=true` if others on the network may read the data";
            return Err((format!("the store `{endpoint}` does not use TLS"), Some(help.to_owned())));
        }
        let wrong =
            || (format!("`{endpoint}` is not the address of a store"), Some("correct `AWS_ENDPOINT_URL`".to_owned()));
        let address = Url::parse(&endpoint).map_err(|_| wrong())?;
        let bucket = Bucket::new(address, style, object.bucket().to_owned(), region).map_err(|_| wrong())?;
        let (connect, answer) = PATIENCE;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(connect))
            .timeout_recv_response(Some(answer));
        Ok(BucketReader { object, bucket, credentials, agent: config.build().into() })
    }

    /// The keys that the object stands for.
    fn keys(&self) -> Result<Vec<String>, ReasonAndHelp> {
        let key = self.object.key();
        if key.ends_with('/') {
            let below = self.list(key, true)?;
            return Ok(below.into_iter().filter(|key| pattern::is_data(Path::new(key), None)).collect());
        }
        let Some(sign) = key.find(pattern::SIGNS) else { return Ok(vec![key.to_owned()]) };
        let pattern = pattern::compiled(key).map_err(|why| (why, None))?;
        let found = self.list(&key[..sign], false)?;
        let data = found.into_iter().filter(|key| !key.ends_with('/') && pattern(key));
        let named = pattern::is_rejects(Path::new(key));
        Ok(data.filter(|key| named || !pattern::is_rejects(Path::new(key))).collect())
    }

    /// The keys that begin with `prefix`; with `flat` only those without a further `/`.
    fn list(&self, prefix: &str, flat: bool) -> Result<Vec<String>, ReasonAndHelp> {
        let mut keys = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut list = self.bucket.list_objects_v2(Some(&self.credentials));
            list.with_prefix(prefix);
            if flat {
                list.with_delimiter("/");
            }
            if let Some(token) = token {
                list.with_continuation_token(token);
            }
            let mut answer = self.get(&list.sign(SIGNED), prefix)?;
            let text = answer.body_mut().read_to_string().map_err(|error| unreached(&error))?;
            let unclear = |_| ("the store's list of objects cannot be understood".to_owned(), None);
            let page = ListObjectsV2::parse_response(&text).map_err(unclear)?;
            keys.extend(page.contents.into_iter().map(|object| object.key));
            token = page.next_continuation_token;
            if token.is_none() {
                return Ok(keys);
            }
        }
    }

    /// Writes an object to a file.
    fn save(&self, key: &str, path: &Path) -> Result<(), ReasonAndHelp> {
        let get = self.bucket.get_object(Some(&self.credentials), key);
        let mut answer = self.get(&get.sign(SIGNED), key)?;
        let expected = answer.body().content_length();
        let mut file = File::create(path).map_err(|error| unwritten(&error))?;
        let broken = |error: io::Error| {
            (format!("`{key}` cannot be fetched: {}", accolade_core::files::io_error_reason(&error)), None)
        };
        let written = io::copy(&mut answer.body_mut().as_reader(), &mut file).map_err(broken)?;
        match expected.filter(|expected| *expected != written) {
            Some(expected) => Err((format!("the store sent {written} of the {expected} bytes of `{key}`"), None)),
            None => Ok(()),
        }
    }

    /// Sends a GET request and returns the response, if it is a success.
    fn get(&self, url: &Url, key: &str) -> Result<Response<Body>, ReasonAndHelp> {
        let mut answer = self.agent.get(url.as_str()).call().map_err(|error| unreached(&error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        Err(refusal(self.object, key, status.as_u16(), &text))
    }
}

fn amazon(region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://s3.{region}.{domain}")
}

fn unwritten(error: &io::Error) -> ReasonAndHelp {
    let help = "set `TMPDIR` to a folder that has room".to_owned();
    (format!("it cannot be stored temporarily: {}", accolade_core::files::io_error_reason(error)), Some(help))
}
