//! A step, an input, an output or a value goes. What others use stays.

use std::collections::HashSet;

use super::{Edit, filter::filter};
use crate::{
    knowledge::Class,
    patcher::{
        find::{Among, Field, Wanted, bare, outer},
        refused::Refused,
        wish::TABLES,
    },
    plan::{BETWEEN, model::Binding},
};

/// How people say that a model does something.
const BY_MODEL: [&str; 4] = ["use ai to ", "use an ai to ", "use a model to ", "use the ai to "];

impl Edit<'_, '_> {
    pub(super) fn remove(&mut self, what: &str) -> Result<(), Refused> {
        // "drop Bluesky, just LinkedIn": what comes behind stays.
        let is_named = |before: &str| before.matches(['"', '“', '”']).count() % 2 == 1;
        let kept = [", just ", ", only ", ", but just ", ", but only "]
            .iter()
            .find_map(|word| what.split_once(word).filter(|(before, _)| !is_named(before)));
        // "the mail, the summary is enough": why.
        let told = what.split_once(", ").filter(|(before, told)| {
            let enough =
                [" is enough", " are enough", " will do", " is all I need"].iter().any(|end| told.ends_with(end));
            enough && !is_named(before)
        });
        let what = kept.or(told).map_or(what, |(what, _)| what);
        // "don't use AI to classify it": what a model does goes.
        let lower = what.to_lowercase();
        let lead = BY_MODEL.iter().find(|lead| lower.starts_with(**lead));
        let what = lead.and_then(|lead| what.get(lead.len()..)).unwrap_or(what);
        // "remove A and B"
        let parts = self.listed(what);
        if parts.len() > 1 {
            return parts.iter().try_for_each(|part| self.remove_one(part));
        }
        self.remove_one(what)
    }

    /// The parts of a list that each name something; the whole text where it is none.
    fn listed(&self, what: &str) -> Vec<String> {
        let whole = vec![what.to_owned()];
        let names = |text: &str| {
            let wanted = Wanted::of(self.canvas.known, text);
            !wanted.is_agent()
                && (!self.canvas.best(&wanted, Among::Everything).is_empty() || !self.canvas.fields(&wanted).is_empty())
        };
        let step = !self.canvas.best(&Wanted::of(self.canvas.known, what), Among::Everything).is_empty();
        if step {
            return whole;
        }
        let parts: Vec<String> = what
            .split(" and ")
            .flat_map(|part| part.split(" & "))
            .flat_map(|part| part.split(", "))
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() > 1 && parts.iter().all(|part| names(part)) { parts } else { whole }
    }

    fn remove_one(&mut self, what: &str) -> Result<(), Refused> {
        // "the limit from the search", "Bob from the recipients"
        for word in [" from ", " out of ", " off "] {
            if let Some((value, place)) = what.split_once(word)
                && let Some(done) = self.remove_value(value, place)
            {
                return done;
            }
        }
        let wanted = Wanted::of(self.canvas.known, what);
        if wanted.is_agent() && !wanted.says_step {
            return Err(self.lost(&self.operation.said.clone()));
        }
        let drops =
            ["skip ", "ignore ", "exclude "].iter().any(|verb| self.operation.said.to_lowercase().starts_with(verb));
        if drops
            && what.contains(" older than ")
            && let Some(done) = self.window(what)
        {
            return done;
        }
        // "skip drafts": a model that writes is no draft.
        if drops
            && !self.canvas.working().into_iter().any(|at| self.is_called(at, what))
            && let Some(done) = self.without_kind(what)
        {
            return done;
        }
        if let Some(done) = self.remove_all(what) {
            return done;
        }
        if self.is_order(what)
            && let Some(done) = self.all_but(what)
        {
            return done;
        }
        let best = self.canvas.best(&wanted, Among::Everything);
        let best = if best.is_empty() { self.sent_by(what) } else { best };
        let best = self.writer_of(best, &wanted);
        // "skip the summary" means what makes it, not only that it is given out.
        let doors = wanted.says_step && best.iter().all(|at| self.canvas.is_door(*at));
        let shown = !wanted.output && best.iter().all(|at| self.canvas.is(*at, |block| block.is_agent_output()));
        let makers = if shown || doors { self.canvas.best(&wanted, Among::Working) } else { Vec::new() };
        let best = if makers.is_empty() { best } else { makers };
        let inner: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_door(*at)).collect();
        // A word that names a step and its output means the step, unless it says output.
        let best = if wanted.input || wanted.output || inner.is_empty() { best } else { inner };
        let best = if best.is_empty() { self.stopped(what) } else { best };
        if best.is_empty() {
            let said = self.operation.said.clone();
            if self.is_forbidden_text(what) {
                return self.say(&said);
            }
            let fields = self.canvas.fields(&wanted);
            // "A and B", of which one is not known, is no input.
            let several = [" and ", " & ", ", "].iter().any(|joint| what.contains(joint)) && !what.contains(['"', '“']);
            if let Some(field) = self.canvas.one_field(fields, self.context)?.filter(|_| !several) {
                return self.empty(&field);
            }
            if let Some(done) = self.remove_words(what) {
                return done;
            }
            if let Some(done) = self.switch_off(what) {
                return done;
            }
            // "remove filler words from the transcript first": what is done to a text.
            if let Some(place) = self.operation.place.clone()
                && what.contains(" from ")
            {
                return self.insert(&format!("remove {what}"), &place);
            }
            let order = self.is_order(what);
            if let Some(filter) = filter(&format!("skip {what}")).filter(|_| !order) {
                return self.filter(&filter);
            }
            if said.to_lowercase().starts_with("no ") && !order {
                return self.say_or_lose(&said);
            }
            return Err(self.canvas.no_step(what));
        }
        let plural = bare(what).to_lowercase();
        if best.len() > 1 && ["all ", "both ", "every ", "any "].iter().any(|all| plural.starts_with(all)) {
            let ids: Vec<String> = best.iter().filter_map(|at| self.canvas.ids.get(*at).cloned()).collect();
            for id in ids {
                if let Some(at) = self.canvas.ids.iter().position(|other| *other == id) {
                    self.remove_step(at)?;
                }
            }
            return Ok(());
        }
        match self.canvas.one_of(best, self.context)? {
            Some(at) if what.to_lowercase().contains("branch") => self.remove_branch(at, what),
            Some(at) => self.remove_step(at),
            None => Err(self.canvas.no_step(what)),
        }
    }

    /// Whether what is not to be is told by a verb: "don't answer …", "stop posting …".
    fn is_order(&self, what: &str) -> bool {
        let first = what.split_whitespace().next().unwrap_or_default().to_lowercase();
        let vocabulary = &self.canvas.known.vocabulary;
        let said = self.operation.said.to_lowercase();
        // "drop posts about X": what goes is told by a noun.
        let after = said.find(&what.to_lowercase()).and_then(|at| said.get(..at)).unwrap_or_default().trim_end();
        let forbids = ["dont", "don't", "don’t", "not", "never", "to", "stop", "quit", "avoid"];
        let last = after.rsplit(' ').next().unwrap_or_default();
        forbids.contains(&last) && (vocabulary.orders(&first) || first.ends_with("ing"))
    }

    /// "never answer with more than three sentences", "don't mention prices": how a text is not to be.
    fn is_forbidden_text(&self, what: &str) -> bool {
        let first = what.split_whitespace().next().unwrap_or_default().to_lowercase();
        let writes = [
            "mention",
            "use",
            "include",
            "say",
            "write",
            "answer",
            "begin",
            "start",
            "end",
            "quote",
            "repeat",
            "sound",
            "be",
            "reveal",
            "talk",
            "invent",
            "exaggerate",
        ];
        // "write" is a word for how a text is, whatever follows.
        let rest = if first == "write" { what.get("write".len()..).unwrap_or_default() } else { what };
        TABLES.measures(what) || self.is_order(what) && writes.contains(&first.as_str()) && TABLES.is_manner(rest)
    }

    /// "saving it to Notion": the one step with this service that takes something out, if its verb is another.
    fn stopped(&self, what: &str) -> Vec<usize> {
        let known = self.canvas.known;
        let first = what.split_whitespace().next().unwrap_or_default().to_lowercase();
        let verb = known.vocabulary.canonical(&first);
        let delivers = [Class::Tell, Class::Store, Class::Hand].iter().any(|class| known.is(&verb, *class));
        let Some(service) = self.service_in(what).filter(|_| delivers) else { return Vec::new() };
        let own = |at: &usize| {
            self.canvas.delivers(*at)
                && self.canvas.is(*at, |block| known.meaning(block).service.as_deref() == Some(service.as_str()))
        };
        let values = Wanted::of(known, what).values;
        self.canvas
            .working()
            .into_iter()
            .filter(own)
            .filter(|at| values.iter().all(|value| self.canvas.holds(*at, value)))
            .collect()
    }

    /// "publish on LinkedIn only": the others of its kind go.
    pub(super) fn only_there(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let known = self.canvas.known;
        let known_words = Wanted::of(known, text).words;
        let mail = known_words.iter().any(|word| word == "email") && text.split_whitespace().count() < 5;
        let service = self.service_in(text);
        if service.is_none() && !mail {
            return None;
        }
        let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        let way = matches!(first.as_str(), "on" | "via" | "by" | "to" | "in") && text.split_whitespace().count() < 4;
        // "only Slack"
        let alone = service.as_ref().is_some_and(|service| service.eq_ignore_ascii_case(text.trim()));
        let whole = match () {
            () if way => format!("send it {text}"),
            () if alone => format!("send it to {text}"),
            () => text.to_owned(),
        };
        let way = way || alone;
        let text = whole.as_str();
        if !way && !self.sends(text) && !matches!(first.as_str(), "share" | "announce" | "use" | "tweet") {
            return None;
        }
        let delivering: Vec<usize> = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        let mails = |objects: &[String]| objects.iter().any(|object| object == "email");
        let own = |at: &usize| {
            self.canvas.is(*at, |block| match &service {
                Some(_) => known.meaning(block).service == service,
                None => mails(&known.meaning(block).objects),
            })
        };
        let Some(kept) = delivering.iter().copied().find(own) else { return self.there_alone(text, &delivering) };
        let kind = self.canvas.block(kept).map(|block| known.meaning(block).action);
        let others: Vec<String> = delivering
            .iter()
            .filter(|at| !own(at) && self.canvas.block(**at).map(|block| known.meaning(block).action) == kind)
            .filter_map(|at| self.canvas.ids.get(*at).cloned())
            .collect();
        if others.is_empty() {
            return None;
        }
        Some(others.iter().try_for_each(|id| match self.canvas.ids.iter().position(|other| other == id) {
            Some(at) => self.remove_step(at),
            None => Ok(()),
        }))
    }

    /// "only mail me", where nothing is mailed yet: it takes the place of what goes out.
    fn there_alone(&mut self, text: &str, delivering: &[usize]) -> Option<Result<(), Refused>> {
        let known = self.canvas.known;
        let kind = |at: usize| self.canvas.block(at).map(|block| known.meaning(block).action);
        let first = delivering.first().copied();
        if delivering.iter().any(|at| kind(*at) != first.and_then(kind)) {
            return None;
        }
        let Some(first) = first else {
            let alone = crate::patcher::wish::Operation { only: false, also: true, ..self.operation.clone() };
            return Some(self.with(&alone).perform(text));
        };
        let others: Vec<String> =
            delivering.iter().skip(1).filter_map(|at| self.canvas.ids.get(*at).cloned()).collect();
        if let Err(refused) = self.replace_at(first, text) {
            return Some(Err(refused));
        }
        Some(others.iter().try_for_each(|id| match self.canvas.ids.iter().position(|other| other == id) {
            Some(at) => self.remove_step(at),
            None => Ok(()),
        }))
    }

    pub(super) fn remove_step(&mut self, at: usize) -> Result<(), Refused> {
        let title = self.canvas.title(at);
        if self.canvas.is(at, |block| block.is_agent_output()) {
            return self.remove_output(at);
        }
        if self.canvas.is(at, |block| block.is_agent_input()) {
            return self.remove_input(at);
        }
        if self.canvas.working() == [at] {
            return Err(Refused::unsupported(format!(
                "{title} is the only step that does something; without it nothing would be left."
            )));
        }
        if self.canvas.is(at, |block| BETWEEN.contains(&block.id.as_str())) && self.joins(at) {
            return Err(Refused::unsupported(format!(
                "{title} makes what one step gives fit the next one; without it they cannot be joined."
            )));
        }
        self.canvas.check_needed(at)?;
        self.canvas.take_out(at);
        self.start_again()
    }

    /// What asks for a value only so that the agent has a start, and feeds nothing any more, gives way to an input of the
    /// first step.
    pub(super) fn start_again(&mut self) -> Result<(), Refused> {
        let idle = |at: &usize| {
            self.canvas.is(*at, |block| block.is_agent_input())
                && self.canvas.links_out(*at).is_empty()
                && self.canvas.is_last_start(*at, &HashSet::new())
        };
        let Some(idle) = (0..self.canvas.steps.len()).find(idle) else { return Ok(()) };
        let begins = self.canvas.working().into_iter().find(|at| self.canvas.begins(*at));
        let given = begins.and_then(|at| {
            let block = self.canvas.block(at)?;
            block.input_schema().properties.iter().find_map(|(name, schema)| {
                let value =
                    self.canvas.value(at, name).or(schema.default.as_ref()).filter(|value| value.is_string())?;
                Some((Field { at, name: name.to_owned() }, value.clone()))
            })
        });
        let Some((field, value)) = given else {
            let title = self.canvas.title(idle);
            return Err(Refused::unsupported(format!("Then {title} would start the agent, and nothing would use it.")));
        };
        self.canvas.bind(field.at, &field.name, Binding::Value(value));
        self.expose(&field, &field.name)?;
        self.canvas.remove(&HashSet::from([idle]));
        Ok(())
    }

    /// Whether what a helper takes does not fit what takes from it.
    fn joins(&self, at: usize) -> bool {
        let Some(main) = self.canvas.main_link(at) else { return false };
        let source = self.canvas.block(main.from).and_then(|block| block.output_type(&main.output));
        self.canvas.links_out(at).iter().any(|link| {
            let sink = self.canvas.block(link.to).and_then(|block| block.input_type(outer(&link.input)));
            source.zip(sink).is_some_and(|(source, sink)| source.is_any() && !sink.is_any() || !source.flows_into(sink))
        })
    }

    fn remove_output(&mut self, at: usize) -> Result<(), Refused> {
        let left = (0..self.canvas.steps.len())
            .any(|other| other != at && self.canvas.is(other, |block| block.is_agent_output()));
        if !left {
            return Err(Refused::unsupported(format!(
                "{} is the only output of the agent, and an agent has to have one.",
                self.canvas.title(at)
            )));
        }
        self.canvas.remove(&HashSet::from([at]));
        Ok(())
    }

    /// An input that has a value hands it to what it fed.
    fn remove_input(&mut self, at: usize) -> Result<(), Refused> {
        let value = self.canvas.value(at, "value").cloned();
        let links = self.canvas.links_out(at);
        match value {
            Some(value) if !value.is_null() => {
                for link in links {
                    self.canvas.bind(link.to, &link.input, Binding::Value(value.clone()));
                }
            }
            _ => self.canvas.check_needed(at)?,
        }
        if self.canvas.is_last_start(at, &HashSet::new()) {
            return Err(Refused::unsupported(format!("{} is what starts the agent.", self.canvas.title(at))));
        }
        let mut gone = HashSet::from([at]);
        self.canvas.close_in(&mut gone);
        self.canvas.remove(&gone);
        Ok(())
    }
}
