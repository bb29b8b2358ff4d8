//! The token that callers send.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret that every request but `/health` must send. Only its hash is kept.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Token {
    /// A token; `None` if the text is blank.
    pub fn new(text: &str) -> Option<Token> {
        let text = text.trim();
        (!text.is_empty()).then(|| Token(Sha256::digest(text.as_bytes()).into()))
    }

    /// Whether the value of an `Authorization` header holds the token. Tokens are compared in constant time.
    pub(crate) fn is_brought_by(&self, header: &[u8]) -> bool {
        let Some((scheme, shown)) = header.split_first_chunk::<7>() else { return false };
        if !scheme.eq_ignore_ascii_case(b"bearer ") {
            return false;
        }
        let shown: [u8; 32] = Sha256::digest(shown.trim_ascii()).into();
        bool::from(self.0.ct_eq(&shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_opens() {
        let token = Token::new("correct horse\n").unwrap();
        let check =
            |header: &str, expected: bool| assert_eq!(token.is_brought_by(header.as_bytes()), expected, "{header}");
        check("Bearer correct horse", true);
        check("bearer correct horse", true);
        check("Bearer correct hors", false);
        check("Bearer ", false);
        check("Basic correct horse", false);
        check("correct horse", false);
        assert!(Token::new(" \n").is_none());
        assert_eq!(format!("{token:?}"), "Token(..)");
    }
}
