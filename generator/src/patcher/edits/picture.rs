//! A picture that goes out with what is sent: "add an image that fits the post".

use serde_json::json;

use super::Edit;
use crate::{
    catalogue::schema::Types,
    patcher::{refused::Refused, wish::TABLES},
    plan::model::{Binding, Input, Step},
};

/// What it is called.
const PICTURES: [&str; 7] = ["image", "picture", "illustration", "photo", "graphic", "visual", "drawing"];
/// Inputs that take the address of one.
const TAKES: [&str; 5] = ["media_urls", "image_url", "photo_url", "image", "photo"];
/// What is done so that there is one.
const MAKES: [&str; 9] = ["add", "attach", "include", "generate", "create", "draw", "make", "put", "use"];

/// What one that is made does: "that fits the post".
const FITS: [&str; 12] = [
    "fits",
    "matches",
    "suits",
    "goes",
    "illustrates",
    "shows",
    "represents",
    "summarises",
    "summarizes",
    "visualises",
    "visualizes",
    "is",
];

impl Edit<'_, '_> {
    /// `None` where no picture is asked for, or what goes out takes none.
    pub(super) fn pictured(&mut self, text: &str) -> Option<Result<(), Refused>> {
        if self.operation.place.is_some() || self.service_in(text).is_some() || self.other_place(text) {
            return None;
        }
        let lower = text.to_lowercase();
        let mut words: Vec<&str> = lower.split_whitespace().collect();
        if words.first().is_some_and(|first| MAKES.contains(first)) {
            words.remove(0);
        }
        let article = words.first().is_some_and(|first| matches!(*first, "a" | "an" | "one" | "some"));
        let noun = words.iter().take(4).position(|word| PICTURES.contains(word)).filter(|_| article)?;
        let rest = words.get(noun + 1..)?.join(" ");
        let fits = ["", "that ", "which ", "for ", "to ", "of ", "with ", "matching ", "about "];
        if !fits.iter().any(|lead| rest == *lead || !lead.is_empty() && rest.starts_with(lead)) {
            return None;
        }
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let [to] = *sends.as_slice() else { return None };
        let input = self.canvas.inputs_of(to).into_iter().find(|name| TAKES.contains(&name.as_str()))?;
        if self.canvas.value(to, &input).is_some() || self.canvas.links_into(to).any(|link| link.input == input) {
            return None;
        }
        let raw: Vec<&str> = text.split_whitespace().collect();
        let rest = raw.get(raw.len().checked_sub(rest.split_whitespace().count())?..)?.join(" ");
        if is_there(words.get(noun).copied().unwrap_or_default(), &rest) {
            return Some(Err(Refused::unsupported(format!(
                "A picture that exists is not one that a model makes: {input} of {} has to become an input for it.",
                self.canvas.title(to)
            ))));
        }
        let kind = self.canvas.block(to)?.input_schema().properties.get(&input)?.kind();
        let what = if rest.starts_with("of ") {
            format!("generate an image {rest}")
        } else {
            "generate an image of it".to_owned()
        };
        let id = self.canvas.ids.get(to).cloned();
        let fresh = match self.plan(&what, self.upto(to, false)) {
            Ok(fresh) => fresh,
            Err(refused) => return Some(Err(refused)),
        };
        let made = self.newest(fresh.clone()).and_then(|made| Some((made, self.canvas.gives(made)?)));
        let Some((made, output)) = made.filter(|(made, _)| !self.canvas.delivers(*made)) else {
            return Some(Err(self.lost(text)));
        };
        let given = Binding::From { step: made, output };
        let list = !kind.is_any() && kind.is_within(Types::ARRAY);
        let list =
            list.then(|| self.canvas.known.catalogue.by_name("AddToListBlock").map(|block| block.id.clone())).flatten();
        let given = match list {
            Some(block) => {
                let at = self.canvas.steps.len();
                let inputs = [("list", Binding::Value(json!([]))), ("entry", given)];
                let inputs = inputs.map(|(name, binding)| Input { name: name.to_owned(), binding }).into();
                let title = "Put the picture into a list".to_owned();
                self.canvas.add(vec![Step { block, title, says: String::new(), inputs }]);
                Binding::From { step: at, output: "updated_list".to_owned() }
            }
            None => given,
        };
        self.canvas.bind(to, &input, given);
        self.hide(made, fresh.start);
        let there = self.canvas.ids.iter().any(|other| Some(other) == id.as_ref());
        Some(if there { Ok(()) } else { Err(self.lost(text)) })
    }
}

/// "that I upload", "of our CEO": whether only somebody who has the picture can give it.
fn is_there(noun: &str, rest: &str) -> bool {
    let words: Vec<&str> = rest.split_whitespace().collect();
    // "for our post" is about what is written.
    let whose = |at: usize| {
        let own = ["i", "we", "you", "my", "our", "your", "his", "her", "their", "me", "us"];
        let text = words.get(at + 1).is_some_and(|of| TABLES.is_text(of) || matches!(*of, "topic" | "news"));
        own.contains(&words.get(at).map(|word| word.to_lowercase()).unwrap_or_default().as_str()) && !text
    };
    let named = noun == "photo" && words.iter().any(|word| word.starts_with(char::is_uppercase));
    let told = matches!(words.first(), Some(&"that" | &"which"));
    let fits = words.get(1).is_some_and(|verb| FITS.contains(verb));
    (0..words.len()).any(whose) || named || told && !fits
}
