//! File paths: of Unix and Windows, absolute and relative, with the line and column that stand behind them.

use crate::{
    fold::is_cjk,
    kind::{Found, Kind, MASKED},
    text::{LONGEST_RUN, Text, is_quote, is_word},
    words::{BARE_FILES, FILE_ENDINGS, FILE_LOOK_ALIKES, FOLDERS},
};

/// What a path is made of when nothing quotes it.
fn is_path(c: char) -> bool {
    !c.is_whitespace() && !is_cjk(c) && !"\"'`<>|:;,(){}[]=\0".contains(c)
}

/// The end of a path: to the closing quote if one stands before it, else over path characters; then over
/// `:line:column`.
fn path_end(text: &Text, at: usize, body: usize) -> usize {
    let quote = text.before(at);
    let close = if is_quote(quote) { text.skip(body, 512, |c| c != quote && c != '\n') } else { at };
    if close > at && text.at(close) == quote {
        return close;
    }
    let mut end = text.skip(body, LONGEST_RUN, |c| is_path(c) || c == '=');
    // A bracketed part inside: `/app/[id]/page`, `/operations/{id}/end`.
    while end > body && "[({".contains(text.at(end)) {
        let close = text.skip(end + 1, 64, |c| c.is_alphanumeric() || "-_. ".contains(c)) + 1;
        if !"])}".contains(text.before(close)) || !"/\\".contains(text.at(close)) {
            break;
        }
        end = text.skip(close, LONGEST_RUN, is_path);
    }
    with_position(text, text.trimmed(body, end))
}

/// Behind `:3:5` or `:3`.
fn with_position(text: &Text, mut end: usize) -> usize {
    for _ in 0..2 {
        let digits = text.digits(end + 1, 7);
        if text.at(end) != ':' || digits == end + 1 || is_word(text.at(digits)) {
            break;
        }
        end = digits;
    }
    end
}

/// `C:\…`, `C:/…`, `\\server\share`, `..\…` and `%APPDATA%\…`.
pub(crate) fn windows(text: &Text, at: usize) -> Option<Found> {
    let separator = |position: usize| matches!(text.at(position), '\\' | '/');
    let drive = text.at(at).is_ascii_alphabetic() && text.at(at + 1) == ':' && separator(at + 2);
    let begins = match text.at(at) {
        '\\' => {
            let label = text.run(at + 1, 64, "_-.$?");
            let escaped = text.width(at) > 1;
            let second = text.at(at + 1) == '\\' && is_word(text.at(at + 2));
            second || label > at + 1 && (text.at(label) == '\\' || escaped)
        }
        '%' => {
            let end = text.run(at + 1, 32, "_");
            end > at + 1 && text.at(end) == '%' && separator(end + 1)
        }
        '.' => text.has_any(at, &["..\\", ".\\"]),
        _ => drive,
    };
    if !begins {
        return None;
    }
    let body = at + if drive { 3 } else { 1 };
    let mut end = text.skip(body, LONGEST_RUN, is_path);
    // Folders have spaces in their names: on while a separator follows within a few words.
    while text.at(end) == ' ' {
        let next = text.skip(end, 40, |c| is_path(c) && c != '\\' || matches!(c, ' ' | '(' | ')'));
        if text.at(next) != '\\' {
            break;
        }
        end = text.skip(next, LONGEST_RUN, is_path);
    }
    let quoted = path_end(text, at, body);
    Kind::PATH.part(at, with_position(text, text.trimmed(body, end)).max(quoted))
}

/// A path that says where it begins: `/…`, `~/…`, `./…`, `../…`, `$HOME/…`, `.ssh/…`, `.env`.
pub(crate) fn anchored(text: &Text, at: usize) -> Option<Found> {
    let before = text.before(at);
    if is_word(before) || "/.\\])}~-".contains(before) {
        return None;
    }
    let body = match text.at(at) {
        // Not the end of an HTML or XML tag.
        '/' if before == '<' && text.at(text.run(at + 1, 64, "_-:.")) == '>' => return None,
        '/' => text.skip(at, 3, |c| c == '/'),
        '~' => text.run(at + 1, 32, "_-.") + 1,
        '$' => text.skip(text.run(text.skip(at + 1, 1, |c| c == '{'), 32, "_"), 1, |c| c == '}') + 1,
        '.' => {
            let dots = text.skip(at, 64, |c| matches!(c, '.' | '/'));
            let name = text.run(dots, 64, "_-");
            let folder = if dots == at + 1 { text.at(name) == '/' } else { text.before(dots) == '/' };
            if dots == at + 1 && BARE_FILES.contains(&text.lower(at, name)) {
                name
            } else if folder {
                dots
            } else {
                return None;
            }
        }
        _ => return None,
    };
    let segment = |c: char| c.is_alphanumeric() || "_.-@+*{$~%".contains(c) || c == MASKED;
    let named = text.before(body) == '/' && segment(text.at(body)) && (text.at(at) != '$' || body > at + 2);
    if text.at(at) != '.' && !named {
        return None;
    }
    let end = path_end(text, at, body);
    let only_digits = text.at(at) == '/' && text.digits(body, end - body.min(end)) == end;
    (!only_digits).then(|| Kind::PATH.part(at, end.max(body)))?
}

/// A file without a folder, or a path from somewhere inside a project. `and/or`, `text/html`, `openai/gpt-4o` and
/// `Europe/Berlin` are none: a path has a folder or a file ending that programs use.
pub(crate) fn relative(text: &Text, at: usize) -> Option<Found> {
    if !is_word(text.at(at)) && !text.at(at).is_alphabetic() || ".])-/@\\".contains(text.before(at)) {
        return None;
    }
    let end = text.skip(at, 512, |c| c.is_alphanumeric() && !is_cjk(c) || "_-./\\+@~".contains(c) || c == MASKED);
    let end = text.trimmed(at, end);
    let whole = text.lower(at, end);
    let mut segments: Vec<&str> = whole.split(['/', '\\']).collect();
    let last = segments.pop()?;
    // A path shows itself in its first folders.
    segments.truncate(8);
    let in_folder = !segments.is_empty();
    let is_hidden = |segment: &&str| segment.len() > 1 && segment.starts_with('.') && **segment != *"..";
    let hidden = in_folder && segments.iter().chain([&last]).any(is_hidden);
    let folder = hidden || segments.iter().any(|segment| FOLDERS.contains(segment));
    let call = text.at(end) == '(' && !text.at(end + 1).is_ascii_digit();
    let file = !call && is_file(&whole, last, in_folder) || BARE_FILES.contains(last);
    let deep = segments.len() >= 4 && !segments.contains(&"");
    let known = folder && (segments.len() > 1 || !last.is_empty()) || file || deep;
    known.then(|| Kind::PATH.part(at, with_position(text, end)))?
}

/// Whether the last part of a path ends as a file does. `whole` is the path in lower case.
fn is_file(whole: &str, last: &str, in_folder: bool) -> bool {
    let Some((stem, ending)) = last.rsplit_once('.') else {
        return false;
    };
    // `models/gemini-1.5-pro` goes on behind its dot with no ending.
    let plausible = ending.starts_with(|c: char| c.is_ascii_alphabetic()) && ending.chars().all(char::is_alphanumeric);
    let known = FILE_ENDINGS.contains(ending) || in_folder && ending.len() <= 5 && plausible;
    let short = ending.len() == 1 && stem.len() < 3;
    known && !short && !stem.is_empty() && !FILE_LOOK_ALIKES.contains(whole)
}
