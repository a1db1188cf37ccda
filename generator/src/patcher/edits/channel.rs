//! Channels that are called by a bare name: "the Discord channel ops".

use super::Edit;
use crate::reading;

/// Words that may follow "channel" and are no name.
const NO_NAMES: &str = "about with when if for to of in on and or that which where who as too instead every each all the a an my our \
    from at by is are was be should must will can has have gets get so but not only once after before whenever while whose there \
    here then also again now please called named step message input output name id";

/// The name of a channel that a text says without a sign.
pub(super) fn named(text: &str) -> Option<&str> {
    let tokens = reading::tokens(text);
    let plain = |at: usize| tokens.get(at).map(|token| token.raw(text).to_lowercase()).unwrap_or_default();
    let at = (0..tokens.len()).find(|at| matches!(plain(*at).as_str(), "channel" | "room"))?;
    let at = if matches!(plain(at + 1).as_str(), "called" | "named") { at + 2 } else { at + 1 };
    let token = tokens.get(at)?;
    let raw = token.raw(text);
    let name = token.word().is_some() && !NO_NAMES.split_whitespace().any(|word| word == plain(at));
    let quoted = raw.starts_with(['"', '\'', '“', '‘', '`']);
    (name || quoted).then(|| crate::patcher::find::bare(raw))
}

/// "the sales Slack channel" as "the Slack channel #sales".
fn turned(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = |at: usize| words.get(at).map(|word| word.to_lowercase()).unwrap_or_default();
    let at = (2..words.len()).find(|at| {
        plain(*at).trim_end_matches([',', '.']) == "channel"
            && matches!(plain(at - 1).as_str(), "slack" | "discord" | "teams")
    })?;
    let name = words.get(at.checked_sub(2)?)?;
    let article = at.checked_sub(3).map(plain);
    let led = article.is_some_and(|word| matches!(word.as_str(), "the" | "our" | "my"));
    let named = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        && !NO_NAMES.split(' ').any(|word| word == plain(at - 2))
        && !matches!(
            plain(at - 2).as_str(),
            "same" | "new" | "right" | "other" | "own" | "private" | "public" | "default"
        );
    (led && named).then(|| {
        let (before, after) = (words.get(..at - 2).unwrap_or_default(), words.get(at + 1..).unwrap_or_default());
        format!("{} {} channel #{name} {}", before.join(" "), words.get(at - 1).unwrap_or(&""), after.join(" "))
            .trim()
            .to_owned()
    })
}

/// The same text with the sign.
pub(super) fn signed(text: &str) -> String {
    if let Some(turned) = turned(text) {
        return turned;
    }
    let Some(name) = named(text) else { return text.to_owned() };
    let start = name.as_ptr() as usize - text.as_ptr() as usize;
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(start + name.len()..).unwrap_or_default());
    let (before, after) = match before.chars().last() {
        Some('"' | '\'' | '`') => (before.get(..before.len() - 1).unwrap_or(before), after.get(1..).unwrap_or(after)),
        _ => (before, after),
    };
    let before = before.strip_suffix("called ").or_else(|| before.strip_suffix("named ")).unwrap_or(before);
    format!("{before}#{name}{after}")
}

impl Edit<'_, '_> {
    /// A channel as the agent writes it: with the sign where one stands already.
    pub(super) fn as_written(&self, at: usize, input: &str, value: &str) -> String {
        if !input.contains("channel") {
            return value.to_owned();
        }
        let old = self.canvas.value(at, input).and_then(|value| value.as_str()).unwrap_or_default();
        let slack = self.canvas.is(at, |block| self.canvas.known.meaning(block).service.as_deref() == Some("Slack"));
        match (old.starts_with('#') || old.is_empty() && slack, value.strip_prefix('#')) {
            (true, None) => format!("#{value}"),
            (false, Some(name)) => name.to_owned(),
            _ => value.to_owned(),
        }
    }
}
