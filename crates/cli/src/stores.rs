//! Access to object stores, from the environment variables of the AWS tools.

use std::env;

use accolade_engine::Secret;
use accolade_engine::location::StoreAccess;

/// The endpoint, region and keys that the environment sets.
pub(crate) fn access() -> StoreAccess {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let secret = |name: &str| set(name).map(Secret::new);
    StoreAccess {
        endpoint: set("AWS_ENDPOINT_URL_S3").or_else(|| set("AWS_ENDPOINT_URL")),
        allow_http: set("AWS_ALLOW_HTTP").is_some_and(|value| value == "true" || value == "1"),
        region: set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")),
        key: set("AWS_ACCESS_KEY_ID").zip(secret("AWS_SECRET_ACCESS_KEY")),
        token: secret("AWS_SESSION_TOKEN"),
    }
}
