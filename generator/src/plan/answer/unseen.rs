//! What a goal takes for granted and no step does: a forecast, a page that is only named, a change of the entry that is there.

use crate::{
    catalogue::Action,
    knowledge::{Class, is_text_model},
    plan::{
        clauses::act::{Act, core},
        model::{Binding, Reason, Step},
        sources::window::is_holder,
        steps::build::Builder,
        wording::media::is_medium,
    },
    reading::{Determiner, Phrase, Role, Span, Token, TokenKind, Value, is_money},
};

/// The person is told of so many one by one, since each is looked for in all that the steps say.
const MOST_ADDRESSES: usize = 10;

impl Builder<'_, '_> {
    pub(in crate::plan) fn leave_unseen(&mut self) {
        self.leave_forecast();
        self.leave_addresses();
        self.leave_same();
        self.leave_codes();
        self.leave_count();
        self.leave_unsent();
        self.leave_current();
        self.leave_synced();
        self.leave_unmeasured();
        self.leave_fewer();
        self.leave_names();
        self.leave_unwatched();
    }

    /// "Check a website's certificate", "watch a folder": a language model looks at nothing outside.
    fn leave_unwatched(&mut self) {
        const OUTSIDE: &str =
            "website websites site server servers domain certificate database endpoint port folder directory";
        let mut texts = Vec::new();
        for (act, steps) in self.acts_built() {
            let looks =
                act.watches() || matches!(act.plain_lemma(), "check" | "look" | "test" | "verify" | "ping" | "scan");
            let mut words = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
            let outside = words.any(|word| OUTSIDE.split(' ').any(|known| known == word.trim_end_matches("'s")));
            let block = |at: &usize| self.draft.block(*at);
            let reads = |at: &usize| {
                block(at).is_some_and(|block| {
                    !block.is_agent_input() && !block.trigger && self.known.serves(block, Class::Fetch)
                })
            };
            let thinks = steps.clone().any(|at| block(&at).is_some_and(is_text_model));
            if looks && outside && thinks && !self.behind(steps.end.saturating_sub(1)).iter().any(reads) {
                texts.push(act.text());
            }
        }
        for text in texts {
            self.leave(text, Reason::NotSupported, "a language model cannot look there, and no step reads it");
        }
    }

    /// "my Todoist project Groceries": a service knows it by its id.
    fn leave_names(&mut self) {
        let inputs = self.draft.every_step().flat_map(|step| &step.inputs);
        let named = inputs.filter_map(|input| match &input.binding {
            Binding::Value(serde_json::Value::String(text)) if input.name.ends_with("_id") => Some(text.clone()),
            _ => None,
        });
        let word = |text: &String| !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || c == ' ');
        for text in named.filter(word).collect::<Vec<_>>() {
            self.leave(&text, Reason::NotSupported, "the step takes an id there, and this is a name: put in its id");
        }
    }

    /// "Merge five feeds", "the mails of two accounts": one is read.
    fn leave_fewer(&mut self) {
        let acts = || (0..self.reading.clauses.len()).filter_map(|index| Act::of(self.reading, index));
        let acts = acts().filter(|act| !matches!(act.clause.role, Role::Background | Role::Title));
        let several = |phrase: &&Phrase| matches!(phrase.determiner, Determiner::Count(2..)) && is_holder(&phrase.head);
        let counted: Vec<&Phrase> = acts.flat_map(|act| act.phrases().filter(several).collect::<Vec<_>>()).collect();
        let reads = |step: &&Step| {
            let block = self.known.catalogue.by_id(&step.block);
            block.is_some_and(|block| !block.is_agent_input() && self.known.serves(block, Class::Fetch))
        };
        let read = self.draft.every_step().filter(reads).count();
        let each = self.draft.every_step().any(|step| self.block_is(step, |name| name == "StepThroughItemsBlock"));
        let fewer = counted.into_iter().filter(|phrase| match phrase.determiner {
            Determiner::Count(count) => !each && read < usize::try_from(count).unwrap_or(usize::MAX),
            _ => false,
        });
        let texts: Vec<&str> = fewer.map(|phrase| self.text(&core(phrase))).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "fewer are read than that: ask for each of them by its name");
        }
    }

    /// "If the wind is stronger than 60": the weather that is read has no wind.
    fn leave_unmeasured(&mut self) {
        const MEASURES: [(&[&str], &str); 3] = [
            (&["GetWeatherInformationBlock"], "wind winds windy gust gusts uv pollen sunrise sunset snowfall"),
            (
                &["ExtractWebsiteContentBlock", "SendWebRequestBlock"],
                "slow slower faster latency response-time loading-time load-time certificate ssl tls",
            ),
            (&["TodoistGetTasksBlock"], "completed finished"),
        ];
        let asks = |role: Role| matches!(role, Role::Condition | Role::Trigger | Role::Restriction);
        let reads =
            |names: &[&str]| self.draft.every_step().any(|step| self.block_is(step, |name| names.contains(&name)));
        let searches = self.draft.every_step().any(|step| self.block_is(step, |name| name.starts_with("SearchTheWeb")));
        let mut found = Vec::new();
        for (_, words) in MEASURES.iter().filter(|(names, _)| !searches && reads(names)) {
            for clause in &self.reading.clauses {
                // "Sum up what I finished": of the act itself only what it asks.
                let told = clause.frame.as_ref().and_then(|frame| frame.complement.clone());
                let told = told.filter(|_| clause.role == Role::Act);
                let Some(span) = told.or_else(|| asks(clause.role).then(|| clause.span.clone())) else { continue };
                let said = span.into_iter().find(|at| {
                    let word = self.reading.tokens.get(*at).and_then(Token::word);
                    let next = self.reading.tokens.get(*at + 1).and_then(Token::word);
                    let same = |known: &str| match known.split_once('-') {
                        Some((first, second)) => word == Some(first) && next == Some(second),
                        None => word == Some(known),
                    };
                    words.split(' ').any(same)
                });
                found.extend(said.map(|at| crate::plan::steps::lost::around(self.reading, clause, at)));
            }
        }
        for span in found {
            self.leave(self.text(&span), Reason::NotSupported, "what is read does not show this");
        }
    }

    /// "Send a pitch": a language model writes it.
    fn leave_unsent(&mut self) {
        let sends = |act: &Act<'_>| {
            matches!(
                act.plain_lemma(),
                "send" | "email" | "mail" | "forward" | "dm" | "post" | "publish" | "upload" | "tweet"
            )
        };
        let own =
            |act: &Act<'_>| act.phrases().any(|phrase| matches!(phrase.head.as_str(), "me" | "us" | "user" | "back"));
        let writes = |at: usize| self.draft.block(at).is_some_and(is_text_model);
        let only = self.built.iter().filter(|(_, steps)| !steps.is_empty() && steps.clone().all(writes));
        let acts = only.filter_map(|(index, _)| Act::of(self.reading, *index));
        let acts = acts.filter(|act| act.clause.role == Role::Act && sends(act) && !own(act));
        let texts: Vec<&str> = acts.map(|act| act.text()).collect();
        for text in texts {
            self.leave(
                text,
                Reason::NotSupported,
                "it is written, and no step sends it; say to whom and by which service",
            );
        }
    }

    /// "Sync my tasks to Notion": what is there stays as it is.
    fn leave_synced(&mut self) {
        let new = |step: &Step| self.block_is(step, |name| name == "ListDifferenceBlock");
        if !self.draft.every_step().any(new) {
            return;
        }
        let said = |token: &Token| token.word().is_some_and(|word| matches!(word, "sync" | "synchronise" | "mirror"));
        let acts = self.reading.clauses.iter().filter(|clause| clause.role == Role::Act);
        // "the Daily Mirror": no verb.
        let mut verbs = acts.filter_map(|clause| Some(clause.frame.as_ref()?.verb.as_ref()?.span.clone()));
        let of = |span: std::ops::Range<usize>| span.clone().find(|at| self.reading.tokens.get(*at).is_some_and(said));
        if let Some(at) = verbs.find_map(of) {
            let told = "only new ones are added: what changes or goes later stays as it was";
            self.leave(self.text(&(at..at + 1)), Reason::NotSupported, told);
        }
    }

    /// "Make 3 variations of a logo", "one for each line": a step that draws draws one.
    fn leave_count(&mut self) {
        let draws = |at: usize| {
            let block = self.draft.block(at);
            block.is_some_and(|block| {
                let meaning = self.known.meaning(block);
                meaning.action == Action::Generate
                    && meaning.gives.iter().chain(&meaning.objects).any(|noun| is_medium(noun))
            })
        };
        let built = self.built.iter().filter(|(_, steps)| steps.clone().filter(|at| draws(*at)).count() == 1);
        let acts = built.filter_map(|(index, _)| Act::of(self.reading, *index));
        let several = acts.filter_map(|act| {
            let of = act.arguments(&["of"]).any(|argument| is_medium(&argument.phrase.head));
            let count = |phrase: &&Phrase| {
                matches!(phrase.determiner, Determiner::Count(2..)) && (of || is_medium(&phrase.head))
            };
            // "an image for each line"
            let mut each = act.arguments(&["for", "per", "of"]).map(|argument| &argument.phrase);
            let each = each.find(|phrase| phrase.determiner == Determiner::Each);
            act.frame.objects.iter().find(count).or(each)
        });
        let texts: Vec<&str> = several.map(|phrase| self.text(&core(phrase))).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "one is made, not several");
        }
    }

    /// "with today's rate": a language model that is handed nothing from outside does not know it.
    fn leave_current(&mut self) {
        const CURRENT: [&str; 6] = ["today's", "current", "latest", "live", "real-time", "up-to-date"];
        const FIGURES: [&str; 12] = [
            "rate",
            "rates",
            "price",
            "prices",
            "value",
            "weather",
            "news",
            "score",
            "scores",
            "stock",
            "temperature",
            "standings",
        ];
        let outside = |step: &Step| {
            let block = self.known.catalogue.by_id(&step.block);
            block
                .is_some_and(|block| block.trigger || self.known.serves(block, Class::Fetch) && !block.is_agent_input())
        };
        let thinks = |step: &Step| self.known.catalogue.by_id(&step.block).is_some_and(is_text_model);
        if self.draft.every_step().any(outside) || !self.draft.every_step().any(thinks) {
            return;
        }
        let said = |at: usize| self.text(&(at..at + 1)).to_lowercase();
        let now = (0..self.reading.tokens.len()).filter(|at| CURRENT.contains(&said(*at).as_str()));
        let figure = now.filter_map(|at| {
            (at + 1..at + 4).find(|end| FIGURES.contains(&said(*end).as_str())).map(|end| at..end + 1)
        });
        let exchanged =
            (0..self.reading.clauses.len()).filter_map(|index| Act::of(self.reading, index)).filter(|act| {
                let money = |at: &usize| is_money(said(*at).rsplit(' ').next().unwrap_or_default());
                // "at a rate of 0.92": that one is given.
                let given = act.arguments(&["at", "with", "using", "of"]).any(|rate| {
                    let mut values = rate.phrase.span.clone().filter_map(|at| self.reading.tokens.get(at)?.value());
                    values.any(|value| matches!(value, Value::Number(_)))
                });
                matches!(act.plain_lemma(), "convert" | "exchange" | "change")
                    && !given
                    && act.clause.span.clone().filter(money).count() > 1
            });
        // "check which names are free as .com domains"
        let registered = |act: &Act<'_>| {
            let word = |word: &str| act.clause.span.clone().any(|at| said(at).trim_start_matches('.') == word);
            let state = ["free", "available", "taken", "registered", "availability"].into_iter().any(word);
            state && !self.known.composes(act.plain_lemma()) && ["domain", "domains"].into_iter().any(word)
        };
        let checked =
            (0..self.reading.clauses.len()).filter_map(|index| Act::of(self.reading, index)).filter(registered);
        let exchanged = exchanged.chain(checked);
        let exchanged: Vec<Span> = exchanged.map(|act| act.clause.span.clone()).collect();
        let figures: Vec<Span> = figure.collect();
        let exchanged = exchanged.into_iter().filter(|_| figures.is_empty());
        for span in figures.iter().cloned().chain(exchanged) {
            let told = "no step looks this up, and a language model does not know it";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    /// "Make a QR code": a language model draws none.
    fn leave_codes(&mut self) {
        let draws = |step: &Step| self.block_is(step, |name| name.contains("QR") || name.contains("Barcode"));
        if self.draft.every_step().any(draws) {
            return;
        }
        let acts = (0..self.reading.clauses.len()).filter_map(|index| Act::of(self.reading, index));
        let made = acts.filter(|act| self.known.composes(act.plain_lemma())).flat_map(|act| act.frame.objects.iter());
        let code = |text: &str| text.ends_with("qr code") || text.ends_with("qr codes") || text.ends_with("barcode");
        let texts = made.map(|phrase| self.text(&core(phrase))).filter(|text| code(&text.to_lowercase()));
        for text in texts.collect::<Vec<_>>() {
            self.leave(text, Reason::NoBlock, "no block draws this");
        }
    }

    pub(in crate::plan) fn block_is(&self, step: &Step, test: impl Fn(&str) -> bool) -> bool {
        self.known.catalogue.by_id(&step.block).is_some_and(|block| test(&block.name))
    }

    /// "Tell me if it rains tomorrow": the weather that is read is that of now.
    fn leave_forecast(&mut self) {
        const AHEAD: [&str; 6] = ["tomorrow", "forecast", "forecasts", "weekend", "week", "days"];
        let weather = |step: &Step| self.block_is(step, |name| name == "GetWeatherInformationBlock");
        if !self.draft.every_step().any(weather) {
            return;
        }
        let timed = |at: &usize| {
            self.reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(at))
        };
        // "the next five days"
        let next = |at: &usize| {
            let before = at.checked_sub(1).and_then(|at| self.reading.tokens.get(at)?.word());
            matches!(before, Some("next" | "coming" | "following" | "in"))
        };
        let ahead = |at: &usize| match self.reading.tokens.get(*at).map(|token| &token.kind) {
            Some(TokenKind::Word(word)) => AHEAD.contains(&word.as_str()),
            Some(TokenKind::Value(Value::Duration(_))) => next(at),
            _ => false,
        };
        if let Some(at) = (0..self.reading.tokens.len()).filter(|at| !timed(at)).find(ahead) {
            let told = "the weather that is read is that of now; no block has a forecast";
            self.leave(self.text(&(at..at + 1)), Reason::NotSupported, told);
        }
    }

    /// An address or a channel that only a language model is told: it opens none, and posts nowhere.
    fn leave_addresses(&mut self) {
        let tokens = || self.reading.tokens.iter().filter_map(Token::value);
        let urls = tokens().filter_map(|value| match value {
            Value::Url(url) => Some(url.clone()),
            _ => None,
        });
        let urls: Vec<String> = urls.take(MOST_ADDRESSES + 1).collect();
        let rooms = tokens().filter_map(|value| match value {
            Value::Channel(room) => Some(room.clone()),
            _ => None,
        });
        let rooms: Vec<String> = rooms.take(MOST_ADDRESSES).collect();
        if urls.is_empty() && rooms.is_empty() {
            return;
        }
        let (mut models, mut others) = (String::new(), String::new());
        for step in self.draft.every_step() {
            let model = self.known.catalogue.by_id(&step.block).is_some_and(is_text_model);
            let said = if model { &mut models } else { &mut others };
            for input in &step.inputs {
                if let Binding::Value(value) = &input.binding {
                    said.push_str(&value.to_string());
                }
            }
        }
        for (at, url) in urls.iter().enumerate().filter(|(_, url)| models.contains(*url) && !others.contains(*url)) {
            let told = match at {
                MOST_ADDRESSES => "no step opens this address or those behind it: they are only mentioned",
                _ => "no step opens this address: it is only mentioned",
            };
            self.leave(url, Reason::NotSupported, told);
        }
        for room in rooms.iter().filter(|room| models.contains(*room) && !others.contains(*room)) {
            self.leave(room, Reason::NotSupported, "no step sends anything there: it is only mentioned");
        }
    }

    /// "Save it in the same record": a new one is made.
    fn leave_same(&mut self) {
        let makes = |at: usize| {
            let new = |name: &str| ["Create", "Append", "Insert"].iter().any(|verb| name.contains(verb));
            self.draft.step(at).is_some_and(|step| self.block_is(step, new))
        };
        let built = self.built.iter().filter(|(_, steps)| steps.clone().any(makes));
        let acts = built.filter_map(|(index, _)| Act::of(self.reading, *index));
        let acts = acts.filter(|act| act.clause.role == Role::Act);
        let same = |at: usize| self.reading.tokens.get(at).and_then(Token::word) == Some("same");
        let texts: Vec<&str> = acts
            .filter_map(|act| {
                let mut places = act.arguments(&["in", "to", "into"]).map(|argument| &argument.phrase);
                places.find(|phrase| phrase.span.clone().any(same)).map(|phrase| self.text(&core(phrase)))
            })
            .collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "a new one is made; no step changes the one that is there");
        }
    }
}
