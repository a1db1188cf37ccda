//! A text as words.

pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// The words of a text; a quoted text is one word.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else { break };
        let close = match first {
            '"' => Some('"'),
            '“' => Some('”'),
            '\'' => Some('\''),
            '‘' => Some('’'),
            '`' => Some('`'),
            _ => None,
        };
        let inner = first.len_utf8();
        let ends = |close: char| {
            let body = trimmed.get(inner..)?;
            let mut found = body.match_indices(close).map(|(index, mark)| inner + index + mark.len());
            // Only the nearest marks are looked at, so that a text full of them is read once.
            found.by_ref().take(8).find(|end| {
                trimmed.get(*end..).and_then(|after| after.chars().next()).is_none_or(|next| !next.is_alphanumeric())
            })
        };
        let quoted = close.and_then(ends);
        let length = quoted.unwrap_or_else(|| trimmed.find(char::is_whitespace).unwrap_or(trimmed.len()));
        let Some(word) = trimmed.get(..length).filter(|word| !word.is_empty()) else { break };
        all.push(Word { text: word, start: at, end: at + length, quoted: quoted.is_some() });
        at += length;
    }
    all
}
