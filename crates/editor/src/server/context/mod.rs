//! The context of the cursor, from the text around it alone, so that a file with syntax errors has one too.

mod flow;

/// The place of the cursor in the structure of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CursorContext {
    /// The keys from the top of the file to the cursor, `-` for an item of a list. At a value its own key is the last.
    pub(super) path: Vec<String>,
    /// Whether a key is being written, not a value.
    pub(super) key: bool,
    /// The part of the key or value before the cursor, without an opening quote.
    pub(super) text: String,
    /// Whether the value is in quotes.
    pub(super) quoted: bool,
    /// The other keys of the mapping around the cursor, with the text after them on their line.
    pub(super) siblings: Vec<(String, String)>,
}

impl CursorContext {
    /// The value of another key of the same mapping.
    pub(super) fn sibling(&self, key: &str) -> Option<&str> {
        self.siblings.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The path as words, to match on.
    pub(super) fn words(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

/// A line that is not empty.
#[derive(Clone, Copy, Debug)]
struct YamlLine<'t> {
    /// The column of the dash of a list item, if the line begins with one.
    dash: Option<usize>,
    /// The column of the content, which is after the dash.
    indent: usize,
    /// The text without indentation and dash.
    content: &'t str,
}

impl<'t> YamlLine<'t> {
    fn new(text: &'t str) -> YamlLine<'t> {
        let trimmed = text.trim_start();
        let indent = text.len() - trimmed.len();
        match trimmed.strip_prefix("- ") {
            Some(rest) => {
                let content = rest.trim_start();
                YamlLine { dash: Some(indent), indent: text.len() - content.len(), content }
            }
            None if trimmed == "-" => YamlLine { dash: Some(indent), indent: indent + 2, content: "" },
            None => YamlLine { dash: None, indent, content: trimmed },
        }
    }

    /// The key and the text after the colon.
    fn entry(&self) -> Option<(String, &'t str)> {
        entry(self.content)
    }

    fn is_nothing(&self) -> bool {
        self.dash.is_none() && (self.content.trim().is_empty() || self.content.starts_with('#'))
    }
}

/// `key: value`, the key without its quotes.
fn entry(content: &str) -> Option<(String, &str)> {
    if content.starts_with(['{', '[', '#', '|', '>']) {
        return None;
    }
    if let Some(quote) = content.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = content[1..].find(quote)? + 1;
        let value = content[end + 1..].strip_prefix(':')?;
        return Some((content[1..end].to_owned(), value.trim_start()));
    }
    let colon = content
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| content[at + 1..].chars().next().is_none_or(char::is_whitespace))?;
    Some((content[..colon].trim().to_owned(), content[colon + 1..].trim_start()))
}

/// The context of a byte of the text; none in a comment.
pub(super) fn cursor_context(text: &str, offset: usize) -> Option<CursorContext> {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[start..offset];
    if is_comment(before) {
        return None;
    }
    let above: Vec<&str> = text[..start].lines().collect();
    let below: Vec<&str> = text[offset..].lines().skip(1).collect();
    let line = YamlLine::new(before);
    if let Some(context) = multi_line_context(&above, line, before) {
        return Some(context);
    }
    let mut context = CursorContext { path: parents(&above, line), ..CursorContext::default() };
    let siblings = siblings(&above, &below, line);
    match entry(line.content) {
        Some((key, value)) => {
            context.path.push(key.clone());
            if value.starts_with(['{', '[']) {
                return Some(flow::context(value, context.path));
            }
            context.siblings = siblings;
            value_of(&mut context, value);
        }
        None if line.content.starts_with(['{', '[']) => return Some(flow::context(line.content, context.path)),
        None => {
            context.siblings = siblings;
            context.key = line.dash.is_none() || line.content.is_empty();
            value_of(&mut context, line.content);
        }
    }
    Some(context)
}

fn value_of(context: &mut CursorContext, value: &str) {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    context.quoted = quote.is_some();
    context.text = match quote {
        Some('"') => value[1..].replace("\\\"", "\""),
        Some(_) => value[1..].to_owned(),
        None => value.to_owned(),
    };
}

/// Whether the end of the text is in a comment.
fn is_comment(before: &str) -> bool {
    let (mut quote, mut previous) = (None, ' ');
    for c in before.chars() {
        match (quote, c) {
            (None, '#') if previous.is_whitespace() => return true,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open && previous != '\\' => quote = None,
            _ => {}
        }
        previous = c;
    }
    false
}

/// The keys around a line, outermost first, with a dash for an item of a list.
fn parents(above: &[&str], line: YamlLine) -> Vec<String> {
    let mut path = Vec::new();
    let mut limit = line.indent;
    if let Some(dash) = line.dash {
        path.push("-".to_owned());
        limit = dash + 1;
    }
    let mut within = line.dash.is_none();
    for line in above.iter().rev().map(|text| YamlLine::new(text)).filter(|line| !line.is_nothing()) {
        // The first line of the list item that the cursor is in.
        if let Some(dash) = line.dash.filter(|_| within && line.indent == limit) {
            path.push("-".to_owned());
            limit = dash + 1;
            within = false;
            continue;
        }
        if line.indent >= limit {
            continue;
        }
        if let Some((key, _)) = line.entry() {
            path.push(key);
        }
        limit = line.indent;
        within = true;
        if let Some(dash) = line.dash {
            path.push("-".to_owned());
            limit = dash + 1;
            within = false;
        }
    }
    path.reverse();
    path
}

/// The other keys of the mapping a line is in.
fn siblings(above: &[&str], below: &[&str], line: YamlLine) -> Vec<(String, String)> {
    let own = |other: &YamlLine| {
        let (key, value) = other.entry().filter(|_| other.indent == line.indent)?;
        Some((key, value.trim().to_owned()))
    };
    let mut found = Vec::new();
    for other in above.iter().rev().map(|text| YamlLine::new(text)).filter(|other| !other.is_nothing()) {
        if line.dash.is_some() || other.indent < line.indent {
            break;
        }
        found.extend(own(&other));
        if other.dash.is_some() && other.indent == line.indent {
            break;
        }
    }
    found.reverse();
    let after = below.iter().map(|text| YamlLine::new(text)).filter(|other| !other.is_nothing());
    found.extend(after.take_while(|o| o.indent >= line.indent && o.dash.is_none()).filter_map(|other| own(&other)));
    found
}

/// The context in a value that began on a line above: a flow collection, or a text of several lines.
fn multi_line_context(above: &[&str], line: YamlLine, before: &str) -> Option<CursorContext> {
    let begin = above.iter().rposition(|text| {
        let other = YamlLine::new(text);
        !other.is_nothing() && (other.indent < line.indent || before.trim().is_empty() && other.indent < before.len())
    })?;
    let first = YamlLine::new(above[begin]);
    let (key, value) = match first.entry() {
        Some((key, value)) => (Some(key), value),
        None => (None, first.content),
    };
    let value = value.trim_end();
    let is_flow = value.starts_with(['{', '[']);
    let is_block = value.starts_with(['>', '|']);
    if value.is_empty() || value.starts_with('#') || !(is_flow || is_block || value.starts_with('"')) {
        return None;
    }
    let mut path = parents(&above[..begin], first);
    path.extend(key);
    let mut text = if is_block { String::new() } else { value.to_owned() };
    for part in above[begin + 1..].iter().copied().chain([before]) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part.trim_start());
    }
    if is_flow {
        // After the end of a collection the cursor is no longer in it.
        return flow::is_open(&text).then(|| flow::context(&text, path));
    }
    let mut context = CursorContext { path, ..CursorContext::default() };
    if is_block {
        context.text = text;
    } else {
        value_of(&mut context, &text);
    }
    Some(context)
}

#[cfg(test)]
mod tests;
