//! Messages for the error responses of an object store.

use accolade_core::location::StoreObject;

use crate::source::postgres::ReasonAndHelp;

/// The reason and help for an error response, from its status and the code in its body.
pub(super) fn refusal(object: &StoreObject, key: &str, status: u16, answer: &str) -> ReasonAndHelp {
    let code =
        answer.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map_or("", |(code, _)| code);
    let (why, help) = match (status, code) {
        (_, "NoSuchBucket") => (
            format!("the store has no bucket `{}`", object.bucket()),
            "correct its name, or the store's address in `AWS_ENDPOINT_URL`",
        ),
        (404, _) => (format!("the bucket has no object `{key}`"), "correct its key; a folder ends in `/`"),
        (301 | 307, _) | (_, "AuthorizationHeaderMalformed" | "PermanentRedirect") => {
            ("the bucket is in another region".to_owned(), "set `AWS_REGION` to the region of the bucket")
        }
        (401 | 403, _) => {
            (format!("the store refuses access{}", named(code)), "check the credentials, and what they may read")
        }
        (500.., _) => (format!("the store cannot answer now: {status}{}", named(code)), "try it again"),
        _ => (format!("the store answers {status}{}", named(code)), "check the URL and `AWS_ENDPOINT_URL`"),
    };
    (why, Some(help.to_owned()))
}

fn named(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!(" (`{code}`)") }
}

/// The reason and help for a store that cannot be reached. Neither contains the signed URL.
pub(super) fn unreached(error: &ureq::Error) -> ReasonAndHelp {
    let why = match error {
        ureq::Error::Io(error) => accolade_core::files::io_error_reason(error),
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => "its address is not valid".to_owned(),
        other => other.to_string(),
    };
    (
        format!("the store cannot be reached: {why}"),
        Some("check the store's address and the network connection".to_owned()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use accolade_core::location::Location;

    #[test]
    fn refusals_are_told_apart() {
        let Ok(Location::Object(object)) = Location::parse("s3://data/a.csv") else { panic!() };
        for (status, code, expected) in [
            (404, "NoSuchBucket", "the store has no bucket `data`"),
            (404, "NoSuchKey", "the bucket has no object `a.csv`"),
            (404, "", "the bucket has no object `a.csv`"),
            (403, "AccessDenied", "the store refuses access (`AccessDenied`)"),
            (403, "", "the store refuses access"),
            (301, "PermanentRedirect", "the bucket is in another region"),
            (400, "AuthorizationHeaderMalformed", "the bucket is in another region"),
            (503, "SlowDown", "the store cannot answer now: 503 (`SlowDown`)"),
            (418, "", "the store answers 418"),
        ] {
            let answer = format!("<?xml?><Error><Code>{code}</Code><Message>m</Message></Error>");
            assert_eq!(refusal(&object, "a.csv", status, &answer).0, expected);
        }
    }
}
