//! Clauses without a verb: entries of a list, links of a chain, titles.

use crate::{
    knowledge::Class,
    plan::{
        acts::operate,
        clauses::act::{Act, names},
        messages::tell::Channel,
        model::{Binding, Reason},
        steps::{
            build::{Builder, Part},
            choose::{self, Want},
            draft,
        },
        wording::english,
    },
    reading::{Determiner, Mark, Phrase, TokenKind},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "ideas for reels": a part of what the act before asks for, or an act of its own.
    pub(in crate::plan) fn verbless(&mut self, act: &Act<'r>) {
        // "… a topic, or some links"
        if self.listing_inputs && !self.in_chain(act) {
            let asked: Vec<Phrase> =
                act.frame.objects.iter().filter(|phrase| !phrase.head.is_empty() && !phrase.pronoun).cloned().collect();
            if !asked.is_empty() && act.services().is_empty() {
                for phrase in &asked {
                    self.ask_for(phrase);
                }
                return self.cover.add(&act.clause.span);
            }
        }
        if self.names_columns(act) {
            return;
        }
        let first = self.starts_chain(act);
        if first {
            let new = act.frame.objects.iter().any(|phrase| phrase.modifiers.iter().any(|word| word == "new"));
            let given: Vec<Phrase> = act
                .frame
                .objects
                .iter()
                .filter(|phrase| {
                    !new && phrase.services.is_empty() && names(phrase).iter().any(|name| self.known.is_askable(name))
                })
                .cloned()
                .collect();
            if !given.is_empty() {
                for phrase in &given {
                    self.ask_for(phrase);
                }
                self.done += 1;
                self.listing_inputs = true;
                return self.cover.add(&act.clause.span);
            }
            if new || self.comes_by_itself(act) {
                return self.trigger(act.index);
            }
            if act.frame.objects.iter().any(|phrase| self.fetchable(act, phrase)) {
                return self.gather(act);
            }
        }
        if self.names_parts(act) {
            return;
        }
        // "YouTube video -> summary": read from there.
        // "website, LinkedIn, recent news": places to look, none to send to.
        // "Slack me the negative ones": told.
        let me = act.frame.objects.get(1).is_some_and(|phrase| phrase.pronoun && self.known.is_person(&phrase.head));
        let listed = act.frame.objects.len() > 1 && act.frame.arguments.is_empty() && !self.in_chain(act) && !me;
        let channel = if first || listed { None } else { self.channel(act) };
        // "Slack channel summary to Notion": Slack is where it comes from.
        let to = act.arguments(&["to", "into"]).any(|argument| !argument.phrase.services.is_empty());
        let from = act.frame.objects.iter().filter(|_| to && !self.draft.has_data());
        let from =
            from.filter(|phrase| names(phrase).iter().any(|name| name.contains("channel") || name.contains("message")));
        if let Some(service) = from.into_iter().find_map(|phrase| self.unreadable(act, phrase)) {
            return self.unknown_service(act, &service, Part::Source);
        }
        // "Jira to Slack notifications"
        let bare = act.frame.objects.first().filter(|phrase| to && phrase.head.is_empty() && !self.draft.has_data());
        let foreign = |service: &&String| !self.known.has_service(service) && !self.known.is_passive(service);
        if let Some(service) = bare.and_then(|phrase| phrase.services.iter().find(foreign)).cloned() {
            return self.unknown_service(act, &service, Part::Source);
        }
        if let Some(Channel::Foreign(name)) = &channel {
            return self.unknown_service(act, &name.clone(), Part::Delivery);
        }
        if let Some(Channel::Block(block, phrase)) = channel {
            for source in &act.frame.objects {
                let bare = source.head.is_empty()
                    && source.services.iter().any(|service| self.known.channel(service).is_some());
                // "… -> Discord message": what is sent, not what is read.
                let own = |service: &String| {
                    self.draft.has_data() && self.known.channel(service).is_some_and(|own| own.id == block.id)
                };
                let carrier = self.known.is_carrier(&source.head)
                    && source.services.iter().all(own)
                    && !matches!(source.determiner, Determiner::Mine | Determiner::The);
                if !bare
                    && !carrier
                    && !self.is_product(act, source)
                    && self.fetchable(act, source)
                    && self.refer(source).is_none()
                {
                    self.fetch(act, source, &[]);
                }
            }
            return self.tell(act, Some(block), phrase);
        }
        // "… -> Airtable": kept there.
        let bare = act
            .frame
            .objects
            .iter()
            .all(|phrase| phrase.pronoun || matches!(phrase.head.as_str(), "" | "row" | "line"));
        if self.draft.has_data()
            && bare
            && act
                .frame
                .arguments
                .iter()
                .all(|argument| matches!(argument.preposition.as_str(), "in" | "into" | "to" | "on" | "per"))
            && let Some(block) = act.services().into_iter().find_map(|service| self.keeper(service))
        {
            return self.operate(act, block);
        }
        // "… -> email"
        let mail = act.frame.objects.iter().all(|phrase| phrase.head == "email" && phrase.modifiers.is_empty())
            && !act.frame.objects.is_empty();
        if mail
            && self.draft.has_data()
            && !act.frame.objects.iter().any(|phrase| phrase.plural)
            && let Some(block) = self.known.channel("email")
        {
            return self.tell(act, Some(block), None);
        }
        // "header image"
        if let Some(block) = self.medium(act) {
            let data: Vec<usize> = self.latest().into_iter().collect();
            return self.make_medium(act, block, &data);
        }
        if self.in_chain(act) && self.draft.has_data() {
            // "video -> transcript": what the step before gives.
            let given = |phrase: &Phrase| phrase.modifiers.is_empty() && self.refer(phrase) == self.latest();
            if act.frame.objects.iter().all(given) && !act.frame.objects.is_empty() {
                return self.cover.close(&act.clause.span);
            }
            return self.think(act);
        }
        if let Some(thinker) = self.thinker.filter(|_| self.draft.data.last().is_some_and(|datum| datum.made)) {
            let text = act.text().to_owned();
            self.remark(thinker, &format!("- {text}"));
            return self.cover.add(&act.clause.span);
        }
        let guarded = act.clause.under.is_some_and(|guard| {
            self.reading.clauses.get(guard).is_some_and(|clause| {
                matches!(clause.role, crate::reading::Role::Condition | crate::reading::Role::Otherwise(_))
            })
        });
        if guarded
            && act
                .frame
                .objects
                .iter()
                .any(|phrase| self.known.is_person(&phrase.head) || self.known.is_carrier(&phrase.head))
        {
            return self.tell(act, None, None);
        }
        let carried = act.frame.objects.iter().any(|phrase| {
            self.known.is_carrier(&phrase.head)
                && !phrase.plural
                && !matches!(phrase.determiner, Determiner::Mine | Determiner::The)
        });
        let mail =
            act.frame.objects.iter().any(|phrase| phrase.head == "email" && phrase.determiner == Determiner::Some);
        if carried && (self.thinker.is_none() || mail && self.delivered == 0) {
            return self.tell(act, None, None);
        }
        let product = act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        let told = |phrase: &&Phrase| !(self.known.is_vague(&phrase.head) && phrase.modifiers.is_empty());
        let source =
            act.frame.objects.iter().chain(act.origins()).filter(told).any(|phrase| self.fetchable(act, phrase));
        if let Some(name) = self.foreign_service(act) {
            return self.unknown_service(act, &name, Part::Work);
        }
        if product || (self.draft.has_data() && !source) {
            self.think(act);
        } else if source {
            self.gather(act);
        } else {
            self.remark_or_leave(act.index);
        }
    }

    /// "Find fifty practices: name, website, phone": what is wanted of each.
    fn names_parts(&mut self, act: &Act<'r>) -> bool {
        let before = act.index.checked_sub(1).and_then(|at| Act::of(self.reading, at));
        let Some(before) = before.filter(|before| before.frame.verb.is_some() && self.searched(before)) else {
            return false;
        };
        let colon = before.clause.span.clone().next_back().and_then(|at| self.reading.tokens.get(at)?.mark());
        let bare =
            |phrase: &Phrase| !phrase.pronoun && phrase.services.is_empty() && phrase.determiner == Determiner::None;
        let parts = act.text().split([',', ';']).flat_map(|part| part.split(" and "));
        let keys: Vec<String> = parts.map(draft::slug).filter(|key| !key.is_empty()).collect();
        if colon != Some(Mark::Colon) || keys.len() < 2 || !act.phrases().all(bare) {
            return false;
        }
        let data = self.pending();
        let words =
            format!("From what was found, {}. Of each give: {}", english::small(&before.instruction()), act.text());
        let step = self.ask_model(act, &words, &[], &data, Some(&keys));
        let nouns = before.frame.objects.iter().flat_map(names).collect();
        self.made(step, nouns, Some(keys), &data);
        if let Some(step) = self.draft.steps.get_mut(step) {
            step.bind("list_result", Binding::Value(serde_json::json!(true)));
        }
        if let Some(datum) = self.draft.data.last_mut() {
            datum.flow.types = crate::catalogue::schema::Types::ARRAY;
        }
        self.cover.add(&act.clause.span);
        true
    }

    /// "Write each as a row in the sheet: title, address, author": the cells of the row, as far as they were read.
    fn names_columns(&mut self, act: &Act<'r>) -> bool {
        let before = act.index.checked_sub(1).and_then(|at| Act::of(self.reading, at));
        let before = before.filter(|before| self.is(before, Class::Store) || self.is(before, Class::Make));
        let Some(before) = before else { return false };
        let colon = before.clause.span.clone().next_back().and_then(|at| self.reading.tokens.get(at)?.mark());
        let bare = |phrase: &Phrase| !phrase.pronoun && phrase.services.is_empty() && phrase.values.is_empty();
        let row =
            self.draft.steps.iter().rposition(|step| self.block_is(step, |name| name == "GoogleSheetsAppendRowBlock"));
        let fields = self.draft.data.iter().rev().find(|datum| !datum.receipt && !datum.flow.fields.is_empty());
        let (Some(_), Some(fields)) = (row, fields.map(|datum| datum.flow.fields.clone())) else { return false };
        let cells: Vec<&str> =
            act.text().split([',', ';']).flat_map(|part| part.split(" and ")).map(str::trim).collect();
        if colon != Some(Mark::Colon) || cells.len() < 2 || !act.phrases().all(bare) {
            return false;
        }
        let there = |cell: &str| {
            let key = draft::slug(cell);
            fields.iter().any(|field| *field == key || key == "link" && field.ends_with("url"))
        };
        for cell in cells.into_iter().filter(|cell| !there(cell)) {
            self.leave(cell, Reason::NotSupported, "what is read does not have this: it is no cell of the row");
        }
        self.cover.close(&act.clause.span);
        true
    }

    fn searched(&self, act: &Act<'_>) -> bool {
        self.is(act, Class::Search)
            && self.latest().and_then(|at| self.draft.data.get(at)).is_some_and(|datum| {
                self.draft.block(datum.flow.step).is_some_and(|block| block.name == "SearchTheWebBlock")
            })
    }

    /// Where a service keeps what it is given.
    pub(in crate::plan) fn keeper(&self, service: &str) -> Option<&'k crate::catalogue::Block> {
        let nouns = operate::default_objects(service, Class::Store);
        if nouns.is_empty() {
            return None;
        }
        let want = Want { lemma: "add", class: Class::Store, nouns: &nouns, service: Some(service), many: false };
        choose::choose(self.known, &want).into_iter().map(|(block, _)| block).find(|block| !block.trigger)
    }

    /// Between two arrows.
    pub(in crate::plan) fn in_chain(&self, act: &Act<'_>) -> bool {
        let arrow =
            |at: usize| self.reading.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Mark(Mark::Arrow));
        let span = &act.clause.span;
        span.clone().any(arrow) || span.start.checked_sub(1).is_some_and(arrow) || arrow(span.end)
    }

    /// "New subscription -> welcome mail": the first part of a chain is what starts it.
    pub(in crate::plan) fn starts_chain(&self, act: &Act<'_>) -> bool {
        let first = self.done == 0 && !self.triggered();
        let new = act
            .frame
            .objects
            .iter()
            .any(|phrase| phrase.modifiers.iter().any(|word| matches!(word.as_str(), "new" | "incoming")));
        let arrow = self
            .reading
            .tokens
            .get(act.clause.span.clone())
            .unwrap_or_default()
            .iter()
            .any(|token| token.kind == TokenKind::Mark(Mark::Arrow));
        let event =
            act.frame.objects.iter().any(|phrase| !self.is_product(act, phrase) && !self.known.is_person(&phrase.head));
        first && event && (arrow || new) && act.frame.arguments.iter().all(|argument| argument.preposition != "to")
    }

    /// Whether the agent waits for what the first link names; else it reads it: "weather -> Telegram", "video -> summary".
    fn comes_by_itself(&mut self, act: &Act<'r>) -> bool {
        let phrases = self.event_phrases(act);
        let services = act.services();
        let source = phrases.iter().find_map(|phrase| self.source_of(act, phrase, &services));
        let Some(source) = source else { return !phrases.iter().any(|_| self.medium(act).is_some()) };
        let comes = self.trigger_block(act, &phrases).is_some() || self.is_windowed(source.block);
        comes && self.reading.schedule.is_none()
    }

    pub(in crate::plan) fn remark_or_leave(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(thinker) = self.thinker {
            let text = self.text(&clause.span).to_owned();
            if !text.is_empty() {
                self.remark(thinker, &text);
            }
            self.cover.add(&clause.span);
        }
    }
}
