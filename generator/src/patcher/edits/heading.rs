//! "add a title \"Best of\" to the message": a text of its own in front of another, or behind it.

use serde_json::json;

use super::Edit;
use crate::{
    patcher::find::Field,
    plan::model::Binding,
    reading::{self, Value as Typed},
};

/// What stands in front of a text.
const FRONT: [&str; 8] = ["title", "heading", "headline", "header", "intro", "introduction", "greeting", "prefix"];

impl Edit<'_, '_> {
    /// Puts a title in front of a fixed text. `false` where it is no title, or the text is none.
    pub(super) fn headed(&mut self, field: &Field, value: &str) -> bool {
        let lower = value.to_lowercase();
        let front = lower.split_whitespace().any(|word| FRONT.contains(&word));
        let keeper = self.canvas.keeper(field);
        let old = self.canvas.value(keeper.at, &keeper.name).and_then(|old| old.as_str()).map(str::to_owned);
        let tokens = reading::tokens(value);
        let mut quoted = tokens.iter().filter_map(|token| match token.value() {
            Some(Typed::Quoted(text)) => Some(text.trim().to_owned()),
            _ => None,
        });
        let (Some(old), Some(title), None) = (old, quoted.next(), quoted.next()) else { return false };
        if front {
            self.canvas.bind(keeper.at, &keeper.name, Binding::Value(json!(format!("{title}\n{old}"))));
        }
        front
    }
}
