//! File paths: of Unix and Windows, absolute and relative, with the line and column that stand behind them.

use super::{
    Found, Kind,
    fold::is_cjk,
    names::{BARE_FILES, FILE_ENDINGS, FILE_LOOK_ALIKES, FOLDERS},
    text::{MASKED, Text, is_quote, is_word},
};

const LONGEST: usize = 4096;

/// What a path is made of when nothing quotes it.
fn is_path(c: char) -> bool {
    !c.is_whitespace()
        && !is_quote(c)
        && !is_cjk(c)
        && !matches!(c, '<' | '>' | '|' | ':' | ';' | ',' | '(' | ')' | '{' | '}' | '[' | ']' | '=' | '\0')
}

/// The end of a path: to the closing quote where one stands before it, else over path characters; then over
/// `:line:column`.
fn path_end(text: &Text, at: usize, body: usize) -> usize {
    let quote = text.before(at);
    if is_quote(quote) {
        let close = text.skip(body, 512, |c| c != quote && c != '\n');
        if text.at(close) == quote {
            return close;
        }
    }
    let mut end = text.skip(body, LONGEST, |c| is_path(c) || c == '=');
    // A dynamic route or a bracketed part inside: `/app/[id]/page`, `/proc/(self)/x`.
    while matches!(text.at(end), '[' | '(' | '{' | '<' | ',' | MASKED) && end > body {
        let inner = text.skip(end + 1, 64, |c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' '));
        let after = if matches!(text.at(inner), ']' | ')' | '}' | '>') { inner + 1 } else { inner };
        if !matches!(text.at(after), '/' | '\\') {
            break;
        }
        end = text.skip(after, LONGEST, is_path);
    }
    let end = text.trimmed(body, end);
    with_position(text, end)
}

/// Behind `:3:5`, `:3` or `(3,5)`.
fn with_position(text: &Text, end: usize) -> usize {
    let mut end = end;
    for _ in 0..2 {
        let digits = text.skip(end + 1, 7, |c| c.is_ascii_digit());
        if text.at(end) != ':' || digits == end + 1 || is_word(text.at(digits)) {
            break;
        }
        end = digits;
    }
    end
}

/// `C:\…`, `C:/…`, `\\server\share` and `..\…`.
pub(super) fn windows(text: &Text, at: usize) -> Option<Found> {
    let separator = |position: usize| matches!(text.at(position), '\\' | '/');
    let drive = text.at(at).is_ascii_alphabetic() && text.at(at + 1) == ':' && separator(at + 2);
    let share = text.at(at) == '\\' && {
        let label = text.skip(at + 1, 64, |c| is_word(c) || matches!(c, '-' | '.' | '$' | '?'));
        let escaped = text.width(at) > 1 || text.at(at + 1) == '\\';
        label > at + 1 && (text.at(label) == '\\' || escaped) || text.at(at + 1) == '\\' && is_word(text.at(at + 2))
    };
    let upwards = text.has(at, "..\\") || text.has(at, ".\\");
    let variable = text.at(at) == '%' && {
        let end = text.skip(at + 1, 32, is_word);
        end > at + 1 && text.at(end) == '%' && separator(end + 1)
    };
    if !(drive || share || upwards || variable) {
        return None;
    }
    let body = at + if drive { 3 } else { 1 };
    let mut end = text.skip(body, LONGEST, is_path);
    // Folders have spaces in their names: on while a separator follows within a few words.
    loop {
        let next = text.skip(end, 40, |c| is_path(c) && c != '\\' || c == ' ' || matches!(c, '(' | ')'));
        if text.at(end) != ' ' || text.at(next) != '\\' {
            break;
        }
        end = text.skip(next, LONGEST, is_path);
    }
    let quoted = path_end(text, at, body);
    Some(Found { start: at, end: with_position(text, text.trimmed(body, end)).max(quoted), kind: Kind::Path })
}

/// A path that says where it begins: `/…`, `~/…`, `./…`, `../…`, `$HOME/…`, `.ssh/…`, `.env`.
pub(super) fn anchored(text: &Text, at: usize) -> Option<Found> {
    let before = text.before(at);
    if is_word(before) || matches!(before, '/' | '.' | '\\' | ']' | ')' | '}' | '~' | '-') {
        return None;
    }
    let segment = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '+' | '*' | '{' | '$' | '~' | '%' | MASKED)
    };
    let body = match text.at(at) {
        '/' if !(before == '<' && is_tag(text, at)) => text.skip(at, 3, |c| c == '/'),
        '~' => {
            let user = text.skip(at + 1, 32, |c| is_word(c) || matches!(c, '-' | '.'));
            (text.at(user) == '/').then_some(user + 1)?
        }
        '.' => {
            let dots = text.skip(at, 64, |c| matches!(c, '.' | '/'));
            let name = text.skip(dots, 64, |c| is_word(c) || c == '-');
            let folder = dots > at + 1 && text.before(dots) == '/' || dots == at + 1 && text.at(name) == '/';
            let hidden = dots == at + 1 && BARE_FILES.contains(&text.lower(at, name));
            if hidden {
                name
            } else if folder {
                dots
            } else {
                return None;
            }
        }
        '$' => {
            let open = if text.at(at + 1) == '{' { at + 2 } else { at + 1 };
            let name = text.skip(open, 32, is_word);
            let close = if text.at(name) == '}' { name + 1 } else { name };
            (name > open && text.at(close) == '/').then_some(close + 1)?
        }
        _ => return None,
    };
    if text.at(at) != '.' && !segment(text.at(body)) {
        return None;
    }
    let end = path_end(text, at, body);
    let only_digits = (body..end).all(|position| text.at(position).is_ascii_digit());
    (!only_digits || text.at(at) != '/').then_some(Found { start: at, end: end.max(body), kind: Kind::Path })
}

/// Whether the slash at a position closes an HTML or XML tag.
fn is_tag(text: &Text, at: usize) -> bool {
    let name = text.skip(at + 1, 64, |c| is_word(c) || matches!(c, '-' | ':' | '.'));
    text.at(name) == '>'
}

/// A file without a folder, or a path from somewhere inside a project. `and/or`, `text/html`, `openai/gpt-4o` and
/// `Europe/Berlin` are none: a path has a folder or a file ending that programs use.
pub(super) fn relative(text: &Text, at: usize) -> Option<Found> {
    if !is_word(text.at(at)) && !text.at(at).is_alphabetic()
        || matches!(text.before(at), '.' | ']' | ')' | '-' | '/' | '@' | '\\')
    {
        return None;
    }
    let end = text.skip(at, 512, |c| {
        c.is_alphanumeric() && !is_cjk(c) || matches!(c, '_' | '-' | '.' | '/' | '\\' | '+' | '@' | MASKED | '~')
    });
    let end = text.trimmed(at, end);
    let whole = text.lower(at, end);
    let (folders, last) = whole.rsplit_once(['/', '\\']).unwrap_or(("", &whole));
    // A path shows itself in its first folders.
    let segments: Vec<&str> = folders.split(['/', '\\']).filter(|_| !folders.is_empty()).take(8).collect();
    let hidden =
        segments.iter().chain([&last]).any(|segment| segment.len() > 1 && segment.starts_with('.') && *segment != "..");
    let folder = segments.iter().any(|segment| FOLDERS.contains(segment)) || hidden && !segments.is_empty();
    let call = text.at(end) == '(' && !text.at(end + 1).is_ascii_digit();
    let file = is_file(&whole, last, !segments.is_empty()) && !call;
    let bare = BARE_FILES.contains(last);
    // Letters of a Latin path and of nothing else: a folder's name in a sentence is a word.
    let deep = segments.len() >= 4 && !segments.iter().any(|segment| segment.is_empty());
    if !(folder && (segments.len() > 1 || !last.is_empty()) || file || bare || deep) {
        return None;
    }
    Some(Found { start: at, end: with_position(text, end), kind: Kind::Path })
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
