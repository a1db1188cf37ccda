//! Reads what is nearly JSON: trailing, doubled and missing commas, comments, literals of Python and JavaScript, single,
//! curly and backtick quotes, raw line breaks in texts, unknown escapes, half surrogates, keys without quotes, blanks of
//! Unicode, missing last closers.
//!
//! What it cannot read without a guess it refuses: a closer that is missing in the middle, a text that ends in a value or
//! in a list, a comment that stands for what was left out. It reads valid JSON like `serde_json`; of a repeated key the
//! last value counts.

use serde_json::{Map, Value};

/// How deep lists and objects may be nested. `shared::json` has the same bound.
const DEEPEST: usize = 100;
/// In bytes. A tree takes many times its text, and no plan is that long.
pub(crate) const LONGEST: usize = 1024 * 1024;
/// `serde_json` interprets keys that begin with this.
const RESERVED: &str = "$serde_json::private::";

/// Opening quotes and what closes each.
const QUOTES: [(&str, &str); 5] = [("\"", "\""), ("'", "'"), ("`", "`"), ("“”„‟＂", "“”‟＂"), ("‘’‚", "‘’")];
const COMMAS: [char; 3] = [',', '，', '、'];
const COLONS: [char; 2] = [':', '：'];

/// A step of the way to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Key(String),
    At(usize),
}

#[derive(Debug)]
pub(super) struct Read {
    pub(super) value: Value,
    /// Where the rest of the text begins.
    pub(super) end: usize,
    /// The innermost object that the end of the text closed; `None` if nothing was missing.
    pub(super) unclosed: Option<Vec<Part>>,
}

#[derive(Debug)]
pub(super) struct Stop {
    pub(super) why: Why,
    pub(super) place: Vec<Part>,
    pub(super) at: usize,
    /// Keys that were read before: with none, this was prose in brackets.
    pub(super) keys: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The text ends too early.
    End,
    NotJson,
    /// Too deep or too long.
    Large,
}

/// Reads the object or list that begins at `start`.
pub(super) fn read(text: &str, start: usize) -> Result<Read, Stop> {
    let mut reader = Reader { text, start, at: start, keys: 0, place: Vec::new(), ended: None };
    match reader.value(0) {
        Ok(value) => Ok(Read { value, end: reader.at, unclosed: reader.ended }),
        Err(why) => Err(Stop { why, place: reader.ended.unwrap_or(reader.place), at: reader.at, keys: reader.keys }),
    }
}

/// Unescapes a text that was written for a JSON string but has no quotes around it.
pub(super) fn unescaped(text: &str) -> Option<String> {
    Reader { text, start: 0, at: 0, keys: 0, place: Vec::new(), ended: None }.text_until("", LONGEST).ok()
}

#[derive(Debug)]
struct Reader<'a> {
    text: &'a str,
    start: usize,
    at: usize,
    keys: usize,
    place: Vec<Part>,
    /// Where the text ended, if it did.
    ended: Option<Vec<Part>>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over one of `chars`.
    fn eat(&mut self, chars: &[char]) -> bool {
        let found = self.peek().filter(|c| chars.contains(c));
        self.at += found.map_or(0, char::len_utf8);
        found.is_some()
    }

    /// The end of the text, of its fence, or a model's own mark of the end (`<|im_end|>`, `</answer>`).
    fn is_over(&self) -> bool {
        self.rest().is_empty() || self.rest().starts_with("```") || self.rest().starts_with('<')
    }

    fn end(&mut self) -> Why {
        self.ended.get_or_insert_with(|| self.place.clone());
        Why::End
    }

    /// Passes over blanks and comments; true if a line ended. A comment such as `// ... more steps` is refused.
    fn blank(&mut self) -> Result<bool, Why> {
        let mut broke = false;
        loop {
            let rest = self.rest();
            let ends = |c: char| !(c.is_whitespace() || c.is_control() || is_invisible(c));
            let blank = rest.find(ends).unwrap_or(rest.len());
            let (blank, rest) = rest.split_at(blank);
            broke |= blank.contains(['\n', '\r']);
            let (comment, length) = if rest.starts_with("//") || rest.starts_with('#') {
                let line = rest.lines().next().unwrap_or_default();
                (line.trim_start_matches(['/', '#']), line.len())
            } else if let Some(inner) = rest.strip_prefix("/*") {
                let Some((inner, _)) = inner.split_once("*/") else {
                    self.at = self.text.len();
                    return Err(self.end());
                };
                (inner, inner.len() + 4)
            } else {
                self.at += blank.len();
                return Ok(broke);
            };
            if comment.contains("...") || comment.contains('…') {
                return Err(Why::NotJson);
            }
            self.at += blank.len() + length;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Why> {
        if depth > DEEPEST || self.at - self.start > LONGEST {
            return Err(Why::Large);
        }
        if self.is_over() {
            return Err(self.end());
        }
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some(quote) if closer(quote).is_some() => self.string().map(Value::String),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Why> {
        self.at += 1;
        let mut entries = Map::new();
        let (mut comma, mut may_follow) = (false, true);
        loop {
            let broke = self.blank()?;
            if self.eat(&['}']) {
                return Ok(Value::Object(entries));
            }
            if self.eat(&COMMAS) {
                comma = true;
                continue;
            }
            if self.is_over() {
                let end = self.end();
                // After a comma more was to come.
                return if comma || entries.is_empty() { Err(end) } else { Ok(Value::Object(entries)) };
            }
            if !(comma || broke || may_follow) {
                return Err(Why::NotJson);
            }
            let key = self.key()?;
            self.blank()?;
            if !self.eat(&COLONS) {
                return Err(if self.is_over() { self.end() } else { Why::NotJson });
            }
            self.keys += 1;
            self.blank()?;
            self.place.push(Part::Key(key.clone()));
            let value = self.value(depth + 1)?;
            self.place.pop();
            comma = false;
            may_follow = value.is_object() || value.is_array();
            entries.insert(key, value);
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Why> {
        self.at += 1;
        let mut entries = Vec::new();
        let mut may_follow = true;
        loop {
            let broke = self.blank()?;
            if self.eat(&[']']) {
                return Ok(Value::Array(entries));
            }
            if self.eat(&COMMAS) {
                may_follow = true;
                continue;
            }
            if self.is_over() {
                return Err(self.end());
            }
            if !(may_follow || broke) {
                return Err(Why::NotJson);
            }
            self.place.push(Part::At(entries.len()));
            let value = self.value(depth + 1)?;
            self.place.pop();
            may_follow = (value.is_object() || value.is_array()) && self.rest().trim_start().starts_with(['{', '[']);
            entries.push(value);
        }
    }

    fn key(&mut self) -> Result<String, Why> {
        let key = if self.peek().is_some_and(|c| closer(c).is_some()) {
            self.string()?
        } else {
            let rest = self.rest();
            let length = rest.find(|c: char| !c.is_alphanumeric() && !"_$-".contains(c)).unwrap_or(rest.len());
            let key = rest.get(..length).unwrap_or_default().to_owned();
            self.at += length;
            key
        };
        if key.is_empty() || key.starts_with(RESERVED) { Err(Why::NotJson) } else { Ok(key) }
    }

    fn string(&mut self) -> Result<String, Why> {
        const TRIPLE: &str = "\"\"\"";
        if let Some(inner) = self.rest().strip_prefix(TRIPLE)
            && let Some((inner, _)) = inner.get(..inner.len().min(LONGEST)).unwrap_or(inner).split_once(TRIPLE)
        {
            let inner = inner.to_owned();
            self.at += inner.len() + 2 * TRIPLE.len();
            return Ok(inner);
        }
        let quote = self.peek().ok_or(Why::NotJson)?;
        self.at += quote.len_utf8();
        let text = self.text_until(closer(quote).unwrap_or_default(), LONGEST)?;
        self.at += self.peek().map_or(0, char::len_utf8);
        Ok(text)
    }

    /// The text up to one of `closers`, without its escapes. No closers: up to the end.
    fn text_until(&mut self, closers: &str, most: usize) -> Result<String, Why> {
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(plain) = rest.find(|c: char| c == '\\' || closers.contains(c)) else {
                text.push_str(rest);
                self.at = self.text.len();
                return if closers.is_empty() { Ok(text) } else { Err(self.end()) };
            };
            let (plain, rest) = rest.split_at(plain);
            text.push_str(plain);
            let is_escape = rest.starts_with('\\');
            self.at += plain.len();
            if text.len() > most {
                return Err(Why::Large);
            }
            if !is_escape {
                return Ok(text);
            }
            self.at += 1;
            self.escape(&mut text)?;
        }
    }

    /// An escape without its backslash. An unknown one of a letter, such as `\d`, keeps it: it belongs to a pattern or a path.
    fn escape(&mut self, text: &mut String) -> Result<(), Why> {
        let Some(escaped) = self.peek() else { return Err(self.end()) };
        self.at += escaped.len_utf8();
        match escaped {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'u' => match self.unit() {
                Some(unit) => text.push(self.scalar(unit)),
                None if self.rest().len() < 4 && self.rest().chars().all(|c| c.is_ascii_hexdigit()) => {
                    return Err(self.end());
                }
                None => text.push_str("\\u"),
            },
            // A text that goes on in the next line.
            '\n' => {}
            '"' | '\\' | '/' | '\'' | '`' | '“' | '”' | '‘' | '’' | '_' | '#' | '$' | '&' | '%' | '@' | '!' | '~'
            | ' ' => {
                text.push(escaped);
            }
            other => text.extend(['\\', other]),
        }
        Ok(())
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    /// Half a surrogate pair becomes U+FFFD.
    fn scalar(&mut self, unit: u32) -> char {
        let before = self.at;
        if (0xD800..0xDC00).contains(&unit) && self.rest().starts_with("\\u") {
            self.at += 2;
            match self.unit().filter(|low| (0xDC00..0xE000).contains(low)) {
                Some(low) => {
                    return char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)).unwrap_or('\u{FFFD}');
                }
                None => self.at = before,
            }
        }
        char::from_u32(unit).unwrap_or('\u{FFFD}')
    }

    /// A number or a literal. What has no value in JSON, such as NaN, becomes null.
    fn word(&mut self) -> Result<Value, Why> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-._".contains(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let value = match word {
            "true" | "True" | "TRUE" => Some(Value::Bool(true)),
            "false" | "False" | "FALSE" => Some(Value::Bool(false)),
            "null" | "None" | "NULL" | "Null" | "none" | "nil" | "undefined" | "NaN" | "nan" | "Infinity"
            | "-Infinity" => Some(Value::Null),
            // A number at the very end may have lost digits.
            _ if after.is_empty() => {
                self.at += length;
                return Err(self.end());
            }
            _ => number(word),
        };
        self.at += length;
        value.ok_or(Why::NotJson)
    }
}

/// `+1`, `.5`, `5.` and `1_000` are numbers in other languages.
fn number(word: &str) -> Option<Value> {
    let plain = word.strip_prefix('+').unwrap_or(word);
    let read = |text: &str| serde_json::from_str(text).ok().filter(Value::is_number);
    if !plain.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
    let zero = if digits.starts_with('.') { "0" } else { "" };
    let end = if digits.ends_with('.') { "0" } else { "" };
    read(plain).or_else(|| read(&format!("{sign}{zero}{}{end}", digits.replace('_', ""))))
}

fn closer(quote: char) -> Option<&'static str> {
    QUOTES.iter().find(|(opening, _)| opening.contains(quote)).map(|(_, closing)| *closing)
}

/// Zero-width blanks and the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{00AD}' | '\u{FFFD}')
}
