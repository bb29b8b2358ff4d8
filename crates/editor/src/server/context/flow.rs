//! Flow collections: `{a: b, c: [d, e]}`.

use super::CursorContext;

enum FlowCollection {
    Mapping { key: Option<String>, siblings: Vec<(String, String)> },
    Sequence,
}

/// The state of a scan of the text before the cursor.
struct FlowScanner {
    frames: Vec<FlowCollection>,
    /// The current key or value, as far as it was read.
    token: String,
    quote: Option<char>,
    quoted: bool,
}

/// Whether a collection that the text begins with is still open at its end.
pub(super) fn is_open(text: &str) -> bool {
    !scan(text).frames.is_empty()
}

/// The context at the end of a text that begins with a bracket, within `path`.
pub(super) fn context(text: &str, path: Vec<String>) -> CursorContext {
    let scan = scan(text);
    let mut context = CursorContext { path, text: scan.token.trim_start().to_owned(), ..CursorContext::default() };
    context.quoted = scan.quoted;
    let last = scan.frames.len().saturating_sub(1);
    for (i, frame) in scan.frames.into_iter().enumerate() {
        match frame {
            FlowCollection::Sequence => context.path.push("-".to_owned()),
            FlowCollection::Mapping { key, siblings } => {
                context.key = i == last && key.is_none();
                context.path.extend(key);
                context.siblings = siblings;
            }
        }
    }
    context
}

fn scan(text: &str) -> FlowScanner {
    let mut scan = FlowScanner { frames: Vec::new(), token: String::new(), quote: None, quoted: false };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(open) = scan.quote {
            match c {
                '\\' if open == '"' => scan.token.extend(chars.next()),
                c if c == open => scan.quote = None,
                c => scan.token.push(c),
            }
            continue;
        }
        match c {
            '"' | '\'' if scan.token.trim().is_empty() => {
                scan.token.clear();
                (scan.quote, scan.quoted) = (Some(c), true);
            }
            '{' if scan.token.trim().is_empty() => {
                scan.open(FlowCollection::Mapping { key: None, siblings: Vec::new() })
            }
            '[' if scan.token.trim().is_empty() => scan.open(FlowCollection::Sequence),
            '}' | ']' => {
                scan.end_value();
                scan.frames.pop();
                if scan.frames.is_empty() {
                    return scan;
                }
            }
            ',' => scan.end_value(),
            ':' if chars.peek().is_none_or(|next| next.is_whitespace()) => scan.end_key(),
            c => scan.token.push(c),
        }
    }
    scan
}

impl FlowScanner {
    fn open(&mut self, frame: FlowCollection) {
        self.frames.push(frame);
        self.start();
    }

    fn start(&mut self) {
        self.token.clear();
        self.quoted = false;
    }

    fn end_key(&mut self) {
        if let Some(FlowCollection::Mapping { key: key @ None, .. }) = self.frames.last_mut() {
            *key = Some(self.token.trim().to_owned());
            self.start();
        } else {
            self.token.push(':');
        }
    }

    fn end_value(&mut self) {
        if let Some(FlowCollection::Mapping { key, siblings }) = self.frames.last_mut()
            && let Some(key) = key.take()
        {
            siblings.push((key, self.token.trim().to_owned()));
        }
        self.start();
    }
}
