//! What the finished steps do not do, although a step has the words of it.

use crate::{
    catalogue::schema::Schema,
    knowledge::{Class, Slot, is_text_model},
    plan::{
        clauses::act::{Act, core},
        messages::address::{OWN_ADDRESS, THEIR_ADDRESS},
        model::{Binding, Input, Reason, Step},
        steps::{build::Builder, cover::Held, lost},
        wording::media::is_medium,
    },
    reading::{Determiner, Phrase, Role, Token, Value, schedule::WEEKDAYS},
};

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn leave_without_effect(&mut self, held: &Held) {
        self.leave_unkept();
        self.leave_unopened();
        self.leave_rows();
        self.leave_attached();
        self.leave_unremembered();
        self.leave_unfed();
        self.leave_crowd();
        self.leave_private();
        self.leave_next();
        self.leave_unanswered();
        self.leave_each_seen();
        self.leave_media();
        self.leave_repeats(held);
        self.leave_times();
        self.leave_undated();
        self.leave_empty();
        self.leave_unseen();
        self.leave_pages();
        self.leave_astray();
        self.leave_unchecked();
        self.leave_unshown();
    }

    /// The titles and the background of the goal: a text is written with them in mind.
    pub(in crate::plan) fn tell_context(&mut self, held: &Held) {
        let Some(writer) = self.thinker else { return };
        let mut told: Vec<&str> = Vec::new();
        for clause in self.reading.clauses.iter().filter(|clause| matches!(clause.role, Role::Background | Role::Title))
        {
            let open = |at: &usize| {
                lost::tells(self.reading, *at) && !lost::holds(self.known, self.reading, &self.cover, held, clause, *at)
            };
            let services = clause
                .frame
                .iter()
                .flat_map(|frame| frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)));
            // What names a service may be meant to be done.
            if services.flat_map(|phrase| &phrase.services).next().is_some() {
                continue;
            }
            if clause.span.clone().any(|at| open(&at)) {
                told.push(self.text(&clause.span));
            }
        }
        if !told.is_empty() {
            let told = format!("What it is for: {}.", told.join("; "));
            self.remark(writer, &told);
        }
    }

    /// "Store it with the date": a language model keeps nothing.
    fn leave_unkept(&mut self) {
        let keeps = |act: &Act<'_>| self.known.keeps(act.plain_lemma()) || self.known.keeps(act.lemma().as_str());
        let kept =
            |at: usize| self.draft.block(at).is_some_and(|block| self.known.delivers(block) || !is_text_model(block));
        let lost = self.built.iter().filter(|(_, steps)| !steps.is_empty() && !steps.clone().any(kept));
        let acts = lost.filter_map(|(index, _)| Act::of(self.reading, *index));
        let texts: Vec<&str> = acts.filter(keeps).map(|act| act.text()).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "no step keeps this; say where, as in \"in a Google Sheet\"");
        }
    }

    /// "Visit its website": a language model opens nothing.
    fn leave_unopened(&mut self) {
        let opens = |act: &Act<'_>| {
            matches!(act.plain_lemma(), "visit" | "open" | "browse" | "download" | "scrape" | "crawl" | "fetch")
        };
        let thinks = |at: usize| self.draft.block(at).is_some_and(is_text_model);
        let only = self.built.iter().filter(|(_, steps)| !steps.is_empty() && steps.clone().all(thinks));
        let acts = only.filter_map(|(index, _)| Act::of(self.reading, *index));
        let texts: Vec<&str> = acts.filter(opens).map(|act| act.text()).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "no step opens this; say which page, by its address");
        }
    }

    /// "Write it into the row": a row that was read stays as it is, and a new one is added at the end.
    fn leave_rows(&mut self) {
        let adds = |at: usize| self.draft.block(at).is_some_and(|block| block.name == "GoogleSheetsAppendRowBlock");
        let row = |phrase: &&Phrase| phrase.head == "row" && phrase.determiner == Determiner::The && !phrase.plural;
        let built = self.built.iter().filter(|(_, steps)| steps.clone().any(adds));
        let acts = built.filter_map(|(index, _)| Act::of(self.reading, *index));
        let rows = acts.filter_map(|act| act.arguments(&["in", "into", "to"]).map(|to| &to.phrase).find(row));
        let texts: Vec<&str> = rows.map(|phrase| self.text(&core(phrase))).collect();
        for text in texts {
            let told = "a new row is added at the end; ask for a column, as in \"into column B\", to write beside it";
            self.leave(text, Reason::NotSupported, told);
        }
    }

    /// "Whether it went up since yesterday": nothing knows what was there at an earlier run, unless it is recalled.
    fn leave_unremembered(&mut self) {
        const MOVES: [&str; 9] = ["go", "change", "rise", "fall", "drop", "increase", "decrease", "compare", "differ"];
        let recalls = |step: &Step| {
            let block = self.known.catalogue.by_id(&step.block);
            block.is_some_and(|block| block.name == "RetrieveInformationBlock")
        };
        if self.draft.every_step().any(recalls) {
            return;
        }
        let reading = self.reading;
        let word = |at: usize| reading.tokens.get(at).and_then(Token::word).unwrap_or_default();
        let before = |at: &usize| {
            matches!(word(*at), "since" | "than" | "to" | "with")
                && (word(at + 1) == "yesterday" || word(at + 1) == "last" && matches!(word(at + 2), "run" | "time"))
        };
        for act in (0..reading.clauses.len()).filter_map(|index| Act::of(reading, index)) {
            let moves = |at: usize| MOVES.contains(&self.known.vocabulary.canonical(word(at)).as_str());
            if act.clause.span.clone().any(moves)
                && let Some(at) = act.clause.span.clone().find(before)
            {
                self.leave(
                    self.text(&(at..act.clause.span.end.min(at + 3))),
                    Reason::NotSupported,
                    "no step remembers what was there before",
                );
            }
        }
    }

    /// "When a mail with an attachment comes, save the attachment": the person is asked for the file.
    fn leave_attached(&mut self) {
        let called =
            |step: &Step, name: &str| self.known.catalogue.by_id(&step.block).is_some_and(|block| block.name == name);
        let asked = |step: &Step| called(step, "AgentFileInputBlock") && step.title.ends_with("ttachment");
        let reading = self.reading;
        let word = |at: &usize| reading.tokens.get(*at).and_then(Token::word);
        if self.draft.every_step().any(|step| called(step, "GmailReadBlock")) && self.draft.every_step().any(asked) {
            let said =
                (0..reading.tokens.len()).rfind(|at| word(at).is_some_and(|word| word.starts_with("attachment")));
            let text = said.map_or("attachment", |at| self.text(&(at..at + 1)));
            self.leave(text, Reason::NoBlock, "no block opens what is attached to a mail: you are asked for the file");
        }
    }

    /// "Write a description, and save it": what is saved is something else.
    fn leave_unfed(&mut self) {
        let mut texts: Vec<&str> = Vec::new();
        for pair in self.built.windows(2) {
            let [(_, made), (index, steps)] = pair else { continue };
            let Some(act) = Act::of(self.reading, *index) else { continue };
            let spoken_of = act.frame.objects.iter().any(|phrase| phrase.pronoun);
            let delivers = |at: &usize| self.draft.block(*at).is_some_and(|block| self.known.delivers(block));
            let written = made.clone().next_back().filter(|at| self.draft.block(*at).is_some_and(is_text_model));
            let Some((written, last)) = written.zip(steps.clone().rfind(delivers)).filter(|_| spoken_of) else {
                continue;
            };
            let inputs = self.draft.step(last).into_iter().flat_map(|step| &step.inputs);
            let from = inputs.filter_map(|input| match &input.binding {
                Binding::From { step, .. } => Some(*step),
                Binding::Value(_) => None,
            });
            if self.is(&act, Class::Store) && !self.reaches(from.collect(), written) {
                texts.push(act.text());
            }
        }
        for text in texts {
            self.leave(text, Reason::NeedsData, "what was written before does not go in there");
        }
    }

    /// "Mail everybody in the sheet": it goes to the one address that the person gives.
    fn leave_crowd(&mut self) {
        let asks_one = |at: usize| {
            self.draft.step(at).is_some_and(|step| {
                step.inputs.iter().any(|input| match &input.binding {
                    Binding::From { step, .. } if self.draft.is_asked(*step) => {
                        self.draft.step(*step).is_some_and(|asked| {
                            asked.title.starts_with(OWN_ADDRESS) || asked.title.ends_with(THEIR_ADDRESS)
                        })
                    }
                    _ => false,
                })
            })
        };
        let crowd = |phrase: &&Phrase| {
            let several = phrase.plural || phrase.determiner == Determiner::Each;
            self.known.is_crowd(&phrase.head) || self.known.is_item_person(&phrase.head) && several
        };
        let built = self.built.iter().filter(|(_, steps)| steps.clone().any(asks_one));
        let acts = built.filter_map(|(index, _)| Act::of(self.reading, *index));
        let found = acts.filter_map(|act| {
            let to = act.arguments(&["to"]).map(|argument| &argument.phrase);
            // "Send each new customer a greeting"
            let several =
                |phrase: &&Phrase| self.known.is_item_person(&phrase.head) && phrase.determiner == Determiner::Each;
            let whom = act.frame.objects.iter().find(several);
            act.frame.recipients.iter().chain(to).find(crowd).or(whom)
        });
        let texts: Vec<&str> = found.map(|phrase| self.text(&phrase.span)).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "it goes to one address, which you give");
        }
    }

    /// "Write a post with an image": a language model writes, and draws nothing.
    fn leave_media(&mut self) {
        let seen = |step: &Step| {
            self.known.catalogue.by_id(&step.block).is_some_and(|block| {
                let meaning = self.known.meaning(block);
                block.name == "AgentFileInputBlock"
                    || meaning.gives.iter().chain(&meaning.objects).any(|noun| is_medium(noun))
            })
        };
        if self.draft.every_step().any(seen) {
            return;
        }
        let reading = self.reading;
        for act in (0..reading.clauses.len()).filter_map(|index| Act::of(reading, index)) {
            let wanted =
                self.known.composes(act.plain_lemma()) || self.is(&act, Class::Tell) || self.is(&act, Class::Store);
            if act.clause.role != Role::Act || !wanted {
                continue;
            }
            let with = act.arguments(&["plus", "with", "including", "into", "as"]).map(|argument| &argument.phrase);
            for phrase in act.frame.objects.iter().chain(with).filter(|phrase| is_medium(&phrase.head)) {
                self.leave(self.text(&core(phrase)), Reason::NotSupported, "no step makes this");
            }
        }
    }

    /// "Send me the new ones", looked for at each run and not told apart from those of the run before.
    fn leave_repeats(&mut self, held: &Held) {
        let kept = |step: &Step| {
            let block = self.known.catalogue.by_id(&step.block);
            block.is_some_and(|block| block.name == "PersistInformationBlock")
        };
        if self.by_event
            || self.draft.every_step().any(kept)
            || held.tells_new()
            || self.reading.schedule.is_none() && !self.polls
        {
            return;
        }
        let reading = self.reading;
        let acts = (0..reading.clauses.len()).filter_map(|index| Act::of(reading, index));
        let new = |phrase: &&Phrase| {
            let several = phrase.plural || phrase.determiner == Determiner::Each;
            several && phrase.modifiers.iter().any(|word| word == "new")
        };
        let makes = |act: &Act<'_>| self.known.composes(act.plain_lemma()) || self.is(act, Class::Store);
        // "Monitor the web for posts"
        let searched = |act: &Act<'_>| {
            let mut steps =
                self.built.iter().filter(|(index, _)| *index == act.index).flat_map(|(_, steps)| steps.clone());
            steps.any(|at| self.draft.block(at).is_some_and(|block| block.name == "SearchTheWebBlock"))
        };
        let some = |act: &Act<'r>| {
            let watched = act.watches() && searched(act);
            let again = self.polls && reading.schedule.is_none();
            let several = act.phrases().find(|phrase| new(phrase) || watched && phrase.plural);
            several
                .or_else(|| act.phrases().find(|phrase| watched && again && !phrase.pronoun && !phrase.head.is_empty()))
        };
        let found = acts.filter(|act| act.watches() || !makes(act)).find_map(|act| some(&act));
        if let Some(phrase) = found {
            let told = "no step knows what an earlier run has seen: some may come again";
            self.leave(self.text(&core(phrase)), Reason::NotSupported, told);
        }
    }

    /// "Mail it on Sunday evening": a model that reads so waits for no Sunday.
    fn leave_times(&mut self) {
        let reading = self.reading;
        if self.by_event || reading.schedule.is_some() {
            return;
        }
        let acts = (0..reading.clauses.len()).filter_map(|index| Act::of(reading, index));
        let tells = |act: &Act<'_>| act.frame.verb.is_none() || self.is(act, Class::Tell);
        let acts = acts.filter(|act| act.clause.role == Role::Act && tells(act));
        let times = acts.flat_map(|act| act.arguments(&["on", "at", "in"]).collect::<Vec<_>>());
        let due = |phrase: &&Phrase| {
            let mut words = phrase.modifiers.iter().map(String::as_str).chain(phrase.head.split(' '));
            let clock = |at: &usize| matches!(reading.tokens.get(*at).and_then(Token::value), Some(Value::Time(..)));
            words.any(|word| WEEKDAYS.contains(&word)) || phrase.values.iter().any(clock)
        };
        if let Some(phrase) = times.map(|argument| &argument.phrase).find(due) {
            let told = "no schedule is read from this; say how often, as in \"every Sunday at 18:00\"";
            self.leave(self.text(&phrase.span), Reason::NotSupported, told);
        }
    }

    /// "Create an event for each deadline": what begins at some time begins at none that the goal speaks of.
    fn leave_undated(&mut self) {
        let dated = |schema: &Schema| {
            let alternatives = schema.alternatives.iter();
            alternatives.flat_map(|form| form.properties.iter()).any(|(name, _)| name.ends_with("_datetime"))
        };
        let undated = |at: usize| {
            self.draft.step(at).zip(self.draft.block(at)).is_some_and(|(step, block)| {
                let mut inputs = block.input_schema().properties.iter();
                inputs.any(|(name, schema)| dated(schema) && step.binding(name).is_none())
            })
        };
        let built = self.built.iter().filter(|(_, steps)| steps.clone().any(undated));
        let acts = built.filter_map(|(index, _)| Act::of(self.reading, *index));
        let texts: Vec<&str> =
            acts.map(|act| act.frame.objects.first().map_or(act.text(), |phrase| self.text(&core(phrase)))).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "no step sets the time: it begins with the next full hour");
        }
    }

    /// A step that is to put something into a service, and has nothing to put there.
    fn leave_empty(&mut self) {
        let empty = |step: &&Step| {
            self.known.catalogue.by_id(&step.block).is_some_and(|block| {
                let goes = |input: &Input| {
                    let given = !matches!(&input.binding, Binding::Value(value) if *value == serde_json::json!({}));
                    given && matches!(self.known.slot(&input.name), Slot::Structured | Slot::Content | Slot::Title)
                };
                let reads =
                    self.known.of(block).is_some_and(|knows| knows.reads) && step.binding("operation").is_none();
                self.known.delivers(block) && !reads && self.takes_parts(block) && !step.inputs.iter().any(goes)
            })
        };
        let empty: Vec<String> = self.draft.steps.iter().filter(empty).map(|step| step.says.clone()).collect();
        for says in empty {
            self.leave(&says, Reason::NeedsData, "nothing that is read or given goes into this step");
        }
    }
}
