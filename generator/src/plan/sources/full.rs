//! Reads in full what is only named so far: the page behind an address, the file, the changes of a pull request.

use serde_json::json;

use super::about::ROWS;
use crate::{
    catalogue::Block,
    plan::{
        clauses::act::Act,
        model::Binding,
        steps::{build::Builder, draft::Datum, fill::Fill},
    },
    reading::{Role, Token, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// What the person gives is for every text that is written: nothing of it stays unused, and a picture says nothing.
    pub(in crate::plan) fn with_inputs(&mut self, act: &Act<'r>, data: Vec<usize>) -> Vec<usize> {
        let given = |at: &usize| {
            let datum = self.draft.data.get(*at);
            datum.is_some_and(|datum| self.draft.is_asked(datum.flow.step) && self.is_there(datum))
        };
        let all: Vec<usize> = (0..self.draft.data.len()).filter(given).collect();
        let new = act.frame.objects.iter().any(|phrase| self.is_made_by(act, phrase))
            && act.phrases().all(|phrase| !phrase.pronoun);
        let seen = |at: &usize| self.is_media(*at) && self.draft.data.get(*at).is_some_and(|datum| datum.made);
        if new && !all.is_empty() && !data.is_empty() && data.iter().all(|at| seen(at) || all.contains(at)) {
            return all;
        }
        let unused = all.into_iter().filter(|at| self.draft.data.get(*at).is_some_and(|datum| !datum.used));
        let more: Vec<usize> = unused.filter(|at| !data.contains(at)).collect();
        data.into_iter().chain(more).collect()
    }

    /// What an event only names is read in full before anything is thought about it: the changes of a pull request.
    pub(in crate::plan) fn in_full(&mut self, index: usize) -> usize {
        if let Some(read) = self.read_listed(index) {
            return read;
        }
        let Some(datum) = self.draft.data.get(index).cloned().filter(|datum| !datum.made && !datum.flow.is_list())
        else {
            return index;
        };
        let known = self.known;
        // "Give it a URL, it reads the article": what stands on the page.
        if let Some(page) = self.page_of(&datum) {
            return page;
        }
        // "Upload a CSV": what stands in the file.
        let file = self.draft.block(datum.flow.step).is_some_and(|block| block.name == "AgentFileInputBlock");
        let file = file && !self.is_to_be_seen(index);
        let takes = |block: &&Block| block.input_schema().properties.get("file_input").is_some();
        let table = datum.nouns.iter().any(|noun| ROWS.contains(&noun.as_str()));
        let reader = datum.nouns.iter().filter_map(|noun| known.source(noun)).find(takes);
        let reader = reader.or_else(|| known.source("csv").filter(|_| table));
        if let Some(reader) = reader.or_else(|| known.source("file").filter(|_| !self.is_media(index))).filter(|_| file)
        {
            let same = |other: &Datum| {
                let step = self.draft.step(other.flow.step).filter(|step| step.block == reader.id);
                step.and_then(|step| step.binding("file_input")) == Some(&datum.flow.binding())
            };
            if let Some(read) = self.draft.data.iter().position(same) {
                return read;
            }
            let noun = datum.nouns.first().cloned().unwrap_or_default();
            let given = vec![("file_input".to_owned(), datum.flow.binding())];
            let fill = Fill { given, says: format!("Read the {noun}"), ..Default::default() };
            let step = self.apply(reader, fill);
            if let Some(file) = self.draft.data.get_mut(index) {
                file.used = true;
            }
            return self.draft.gives(step, &datum.nouns, None).unwrap_or(index);
        }
        let Some(detail) =
            self.draft.block(datum.flow.step).and_then(|block| known.of(block)).and_then(|knows| knows.detail.as_ref())
        else {
            return index;
        };
        let (Some(find), Some(block)) =
            (known.catalogue.by_name("FindInDictionaryBlock"), known.catalogue.by_name(&detail.block))
        else {
            return index;
        };
        let noun = datum.nouns.first().cloned().unwrap_or_default();
        let says = format!("Take the address of the {noun}");
        let address = self.step_of(find, &says, &[("key", json!(detail.key))], &[("input", datum.flow.clone())]);
        let given = vec![(detail.input.clone(), self.draft.flow(address, "output").binding())];
        let says = format!("Read the {noun} in full");
        let step = self.apply(block, Fill { given, says, ..Default::default() });
        let Some(read) = self.draft.gives(step, &datum.nouns, datum.service.as_deref()) else { return index };
        if let Some(read) = self.draft.data.get_mut(read) {
            (read.single, read.under) = (true, datum.under);
        }
        read
    }

    /// What stands on the page whose address the person gives; else the same datum.
    pub(in crate::plan) fn page_behind(&mut self, index: usize) -> usize {
        let datum = self.draft.data.get(index).cloned().filter(|datum| !datum.made && !datum.flow.is_list());
        datum.and_then(|datum| self.page_of(&datum)).unwrap_or(index)
    }

    /// The text of the page whose address the person gives, be it in a chat.
    fn page_of(&mut self, datum: &Datum) -> Option<usize> {
        const PAGES: [&str; 6] = ["url", "link", "website", "webpage", "web page", "landing page"];
        let sent = datum.chat.is_some() && !datum.made;
        let nouns = if sent { datum.nouns.len() } else { 2 };
        let page = datum.nouns.iter().take(nouns).any(|noun| PAGES.contains(&noun.as_str()));
        let film = self.draft.step(datum.flow.step).is_some_and(|step| step.title.starts_with("YouTube"))
            || sent && self.sends_films();
        let (block, input) = match film {
            true => ("TranscribeYoutubeVideoBlock", "youtube_url"),
            false => ("ExtractWebsiteContentBlock", "url"),
        };
        let block = self.known.catalogue.by_name(block)?;
        if !page || !sent && !self.draft.is_asked(datum.flow.step) {
            return None;
        }
        let same = |other: &Datum| {
            let step = self.draft.step(other.flow.step).filter(|step| step.block == block.id);
            step.and_then(|step| step.binding(input)) == Some(&datum.flow.binding())
        };
        if let Some(read) = self.draft.data.iter().position(same) {
            return Some(read);
        }
        let (says, noun) = if film { ("Get its transcript", "transcript") } else { ("Read the page", "page text") };
        let step = self.step_of(block, says, &[], &[(input, datum.flow.clone())]);
        let read = self.draft.gives(step, &[noun.to_owned()], None)?;
        if let Some(read) = self.draft.data.get_mut(read).filter(|_| sent) {
            (read.single, read.under) = (true, datum.under);
        }
        Some(read)
    }

    /// "when I send a YouTube link": what comes in leads to a film.
    fn sends_films(&self) -> bool {
        let events = self.reading.clauses.iter().filter(|clause| clause.role == Role::Trigger);
        let objects = events.filter_map(|clause| clause.frame.as_ref()).flat_map(|frame| &frame.objects);
        objects.into_iter().any(|phrase| phrase.services.iter().any(|service| service == "YouTube"))
    }

    /// "whether https://… says anything about it": the page is read.
    pub(in crate::plan) fn read_address(&mut self, act: &Act<'r>, at: usize) -> Option<usize> {
        let status: &[String] = if self.asks_status(act) { &["status".to_owned()] } else { &[] };
        let block = self.of_value(at, status).filter(|_| !self.cover.has(at))?;
        let input = block.required_inputs().find(|name| name.contains("url"))?.to_owned();
        let Some(Token { kind: TokenKind::Value(Value::Url(url)), .. }) = self.reading.tokens.get(at) else {
            return None;
        };
        let says = format!("Read {url}");
        let given = vec![(input, Binding::Value(json!(url)))];
        let step = self.apply(block, Fill { act: Some(*act), given, says, ..Default::default() });
        self.cover.add(&(at..at + 1));
        self.draft.gives(step, &["page text".to_owned()], None)
    }
}
