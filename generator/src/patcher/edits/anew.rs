//! What takes the place of a step and is nothing like it: planned anew from what the step worked on.

use super::Edit;
use crate::patcher::{
    canvas::{Canvas, Link},
    refused::Refused,
};

impl<'k> Edit<'_, 'k> {
    /// Whether no new step lacks the document that it writes into.
    pub(super) fn knows_where(&self, before: &Canvas<'k>) -> bool {
        let places = ["spreadsheet", "document", "parent_page_id"];
        let lacks = |at: usize| {
            let new = self.canvas.ids.get(at).is_some_and(|id| !before.ids.contains(id));
            let step = self.canvas.steps.get(at);
            new && places.iter().any(|name| {
                let has = self.canvas.is(at, |block| block.input_schema().properties.get(name).is_some());
                has && step.is_none_or(|step| step.binding(name).is_none())
            })
        };
        !(0..self.canvas.steps.len()).any(lacks)
    }

    /// Something in the place of a step that is planned from what the step worked on.
    pub(super) fn planned_in_place(&mut self, at: usize, new: &str) -> Result<(), Refused> {
        // Something else than the like of it: planned anew from what it worked on.
        let id = self.canvas.ids.get(at).cloned().unwrap_or_default();
        let source = self.canvas.main_link(at).filter(|_| !self.canvas.begins(at));
        let list = self.upto(at, false);
        let reads = source.is_none() && !self.canvas.is(at, |block| block.trigger);
        // "a PDF file instead of a web page": it is read, not made.
        let read = (reads && !self.sends(new)).then(|| format!("read {}", object_of(new)));
        let before = self.canvas.clone();
        let fresh = match read.map(|read| self.plan(&read, list.clone())) {
            Some(Ok(fresh)) => fresh,
            _ => {
                *self.canvas = before;
                self.plan(&self.as_order(new), list)?
            }
        };
        let model = |made: &usize| reads && self.canvas.is(*made, crate::knowledge::is_text_model);
        // What reads a page is no text that a language model makes up.
        let Some(made) = self.newest(fresh.clone()).filter(|made| !model(made)) else {
            return Err(self.no_counterpart(at, new));
        };
        let Some(at) = self.canvas.ids.iter().position(|other| *other == id) else { return Ok(()) };
        // What is made of it on the way stays so.
        let taken = |link: &Link| {
            source.as_ref().is_some_and(|source| (source.from, &source.output) == (link.from, &link.output))
        };
        let rests = (fresh.start..self.canvas.steps.len()).any(|at| {
            self.canvas.links_into(at).any(|link| taken(&link)) && (at == made || self.canvas.leads(at, made))
        });
        if let Some(source) = source.filter(|_| !rests) {
            self.canvas.feed(made, (source.from, &source.output));
        }
        let heirs: Vec<Link> = self.canvas.links_out(at);
        if !self.canvas.delivers(at)
            && let Some(output) = self.canvas.gives(made).filter(|_| !self.canvas.delivers(made))
        {
            for heir in &heirs {
                self.canvas.route((made, &output), heir.to, &heir.input);
            }
            self.hide(made, fresh.start);
        }
        let id = self.canvas.ids.get(at).cloned().unwrap_or_default();
        let Some(at) = self.canvas.ids.iter().position(|other| *other == id) else { return Ok(()) };
        self.canvas.check_needed(at)?;
        self.canvas.take_out(at);
        self.start_again()
    }
}

/// "the text from a file" is a file.
fn object_of(text: &str) -> &str {
    let text =
        ["take ", "read ", "use ", "get ", "accept "].iter().find_map(|verb| text.strip_prefix(verb)).unwrap_or(text);
    let lead = ["the text from ", "the text of ", "text from ", "the content of ", "the contents of "];
    let text = lead.iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(text);
    // "a URL instead of a file"
    let address = ["a url", "a link", "urls", "links", "a web address"].contains(&text.to_lowercase().as_str());
    if address { "a web page" } else { text }
}
