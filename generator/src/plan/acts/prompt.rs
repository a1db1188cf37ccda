//! Asks a language model: the instruction, and the shape of the answer.

use serde_json::json;

use crate::{
    catalogue::{NESTED, schema::Types},
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, names},
            lists::{gathers, is_single},
        },
        model::{Binding, Input, Step},
        steps::{
            build::Builder,
            draft::{Flow, distinct, once, slug},
            say,
        },
        wording::english,
    },
    reading::{Argument, Determiner, Phrase, Role, Span},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// The step itself. `keys`: the answer has parts of these names.
    pub(in crate::plan) fn ask_model(
        &mut self,
        act: &Act<'r>,
        instruction: &str,
        manners: &[String],
        data: &[usize],
        keys: Option<&[String]>,
    ) -> usize {
        let mut prompt = format!("{instruction}.");
        for manner in manners {
            prompt.push('\n');
            prompt.push_str(manner);
            prompt.push('.');
        }
        let mut flows: Vec<Flow> = Vec::new();
        let data: Vec<usize> = data.iter().map(|index| self.text_behind(*index)).collect();
        let data: Vec<usize> = data.into_iter().map(|index| self.of_state(act, index)).collect();
        for index in &data {
            let open = self.draft.data.get_mut(*index).map(|datum| std::mem::take(&mut datum.open)).unwrap_or_default();
            for span in open {
                let text = self.text(&span).to_owned();
                // "the posts": that is what they are.
                let called = self.draft.data.get(*index).is_some_and(|datum| {
                    let state = is_state(&text);
                    let text = text.trim_end_matches('s').to_lowercase();
                    // "overdue tasks": the state that they are in is no name.
                    let named = |noun: &String| *noun == text || !state && noun.split(' ').any(|word| word == text);
                    datum.nouns.iter().any(named)
                });
                if !prompt.to_lowercase().contains(&text.to_lowercase())
                    && !text.is_empty()
                    && !called
                    && !is_order(&text)
                    && !self.says_nothing(&text)
                {
                    prompt.push_str(&format!("\nOnly mind what fits this: {text}."));
                }
            }
            if let Some(flow) = self.take(*index) {
                flows.push(self.seen(*index, flow));
            }
        }
        let before = self.written_before(&flows);
        if before.is_some() {
            prompt.push_str("\nNothing of what was written before may come again.");
        }
        flows.extend(before.clone());
        let flows = distinct(&once(&flows));
        let name = match keys {
            Some(_) => "AIStructuredResponseGeneratorBlock",
            None => "AITextGeneratorBlock",
        };
        let plain = keys.is_none()
            && manners.is_empty()
            && flows.len() == 1
            && prompt.lines().count() == 1
            && is_plain_summary(act);
        let block = self.known.catalogue.by_name(name);
        let summariser = self.known.catalogue.by_name("AITextSummarizerBlock").filter(|_| plain);
        let title = english::cut(&say::thought(instruction), 60);
        if let (Some(block), [flow]) = (summariser, flows.as_slice()) {
            let text = self.draft.fit(flow, Types::STRING);
            let inputs = vec![Input { name: "text".to_owned(), binding: text.binding() }];
            return self.draft.push(Step { block: block.id.clone(), title, says: say::thought(instruction), inputs });
        }
        let mut inputs = Vec::new();
        for flow in &flows {
            let text = self.draft.fit(flow, Types::STRING);
            prompt.push_str(&format!("\n\n{{{{{}}}}}", flow.name));
            inputs.push(Input { name: format!("prompt_values{NESTED}{}", flow.name), binding: text.binding() });
        }
        inputs.push(Input { name: "prompt".to_owned(), binding: Binding::Value(json!(prompt)) });
        if let Some(keys) = keys {
            let format: serde_json::Map<_, _> =
                keys.iter().map(|key| (key.clone(), json!(key.replace('_', " ")))).collect();
            inputs.push(Input { name: "expected_format".to_owned(), binding: Binding::Value(format.into()) });
        }
        let id = block.map_or_else(|| crate::catalogue::special::AI_TEXT.to_owned(), |block| block.id.clone());
        let step = self.draft.push(Step { block: id, title, says: say::thought(instruction), inputs });
        if let Some(before) = before {
            self.keep_written(step, before);
        }
        step
    }

    /// "Send each overdue task …": of one entry a model can leave out nothing, so only those go on that are meant.
    fn of_state(&mut self, act: &Act<'r>, index: usize) -> usize {
        self.unwritten(act, index);
        let single = self.draft.data.get(index).filter(|datum| datum.single && !datum.made && !datum.receipt);
        let mails = single.is_some_and(|datum| datum.service.as_deref() == Some("Gmail"));
        // "Watch my inbox for invoices": each mail is one or it is not.
        let kind = |text: &str| mails && !text.contains(' ') && text.ends_with('s') && !self.says_nothing(text);
        // "People whose birthday is today"
        let says = |text: &str| [" is ", " are "].iter().any(|verb| text.contains(verb));
        let meant = |text: &str| is_state(text) || kind(text) || says(text);
        let stands = single.is_some_and(|datum| datum.open.iter().any(|span| meant(self.text(span))));
        if stands { self.only_fitting(index) } else { index }
    }

    /// "Write replies to the mails": what an act makes is no kind of what it is made of.
    fn unwritten(&mut self, act: &Act<'r>, index: usize) {
        let makes = self.is(act, Class::Make) || matches!(self.known.usual_verb(&act.lemma()), "write" | "generate");
        let made = |span: &Span| {
            let inside = |phrase: &Phrase| phrase.span.start <= span.start && span.end == phrase.span.end;
            makes && act.frame.objects.iter().any(inside)
        };
        // Each way that leads on from it has it too.
        if self.draft.data.get(index).is_some_and(|datum| datum.open.iter().any(made)) {
            for datum in &mut self.draft.data {
                datum.open.retain(|span| !made(span));
            }
        }
    }

    /// A stretch of time that was read, the agent itself, whose it is, the way it comes: no text shows that.
    pub(in crate::plan) fn says_nothing(&self, text: &str) -> bool {
        let word = text.to_lowercase();
        self.known.is_agent(&word)
            || matches!(word.as_str(), "day" | "week" | "month" | "year" | "today" | "rss" | "feed")
            || word.ends_with("'s")
            || word.ends_with("’s")
    }

    /// The parts that are asked for, when later steps need them apart: "the amount, the date and the vendor".
    pub(in crate::plan) fn keys(&self, act: &Act<'r>) -> Option<Vec<String>> {
        let objects = &act.frame.objects;
        // "sort them by age" puts them in order.
        let orders = act.plain_lemma() == "sort" && act.arguments(&["as", "into"]).next().is_none();
        if orders && act.arguments(&["by"]).next().is_some() {
            return None;
        }
        let splits = matches!(
            self.known.usual_verb(&act.lemma()),
            "extract"
                | "classify"
                | "categorise"
                | "score"
                | "rate"
                | "identify"
                | "detect"
                | "get"
                | "pull"
                | "prioritise"
                | "label"
                | "tag"
                | "take"
                | "sort"
                | "judge"
                | "determine"
                | "parse"
                | "enrich"
                | "flag"
                | "generate"
                | "write"
                | "assign"
        );
        let stored = self.next_acts(act).filter(|next| self.channel(next).is_none()).any(|next| {
            let store = Class::Store;
            self.is(&next, store) || self.is(&next, Class::Change) || self.is(&next, Class::Make)
        });
        // "… and give each its label and assignee": that is what has to come out.
        let given: Vec<String> = self
            .next_acts(act)
            .take(1)
            .filter(|next| {
                self.is(next, Class::Change)
                    && next.frame.objects.len() > 1
                    && !matches!(next.plain_lemma(), "remove" | "delete" | "clear" | "hide")
                    || matches!(next.plain_lemma(), "assign" | "label" | "tag")
            })
            .flat_map(|next| {
                next.frame
                    .objects
                    .iter()
                    .filter(|phrase| !phrase.pronoun)
                    .map(|phrase| slug(&phrase.head))
                    .collect::<Vec<_>>()
            })
            .filter(|key| !key.is_empty())
            .collect();
        if splits && given.len() > 1 {
            return Some(given);
        }
        let parts = objects.len() > 1 && self.known.usual_verb(&act.lemma()) == "extract";
        let mut keys: Vec<String> = objects
            .iter()
            .filter(|phrase| !phrase.pronoun && !phrase.head.is_empty() && !self.known.is_generic(&phrase.head))
            // "the titles and prices of the page": all of them, whatever the page is called.
            .filter(|phrase| parts || self.refer(phrase).is_none())
            // "1800 kcal a day, no fish"
            .filter(|phrase| {
                let time = matches!(phrase.head.as_str(), "day" | "week" | "month" | "year");
                phrase.determiner != Determiner::No && (!time || self.measured(act, phrase).is_some())
            })
            .map(|phrase| {
                let name = names(phrase).first().cloned().unwrap_or_default();
                slug(&self.measured(act, phrase).map_or(name.clone(), |of| format!("{name} of {of}")))
            })
            .filter(|key| !key.is_empty())
            .collect();
        keys.dedup();
        let one = matches!(act.plain_lemma(), "write" | "generate") && keys.len() < 2;
        if !splits || one || !(stored || keys.len() > 1) {
            return None;
        }
        let classes = self.classes(act);
        if !classes.is_empty() {
            keys.retain(|key| !classes.contains(key));
            keys.push("category".to_owned());
            return Some(keys);
        }
        let aspects: Vec<String> = act
            .frame
            .arguments
            .iter()
            .filter(|argument| argument.preposition == "by")
            .map(|argument| slug(&argument.phrase.head))
            .filter(|key| !key.is_empty())
            .collect();
        keys.extend(aspects);
        // "extract action items with owners"
        let beside = act.arguments(&["with"]).map(|argument| &argument.phrase);
        let part = |phrase: &&Phrase| {
            let several = phrase.plural || phrase.determiner == Determiner::None;
            several && phrase.values.is_empty() && phrase.services.is_empty() && !phrase.pronoun
        };
        // "tag each with sentiment and topic"
        let tags = matches!(act.plain_lemma(), "tag" | "label" | "annotate");
        if stored && (tags || !keys.is_empty()) {
            keys.extend(beside.filter(part).map(|phrase| slug(&phrase.head)));
        }
        match act.lemma().as_str() {
            "classify" | "categorise" | "sort" | "label" | "tag" if keys.is_empty() => keys.push("category".to_owned()),
            // What is scored is there already.
            "score" | "rate" | "grade" => keys = vec!["score".to_owned()],
            _ => {}
        }
        keys.dedup();
        (!keys.is_empty()).then_some(keys)
    }

    /// "years **of experience**", "date **of birth**": a part by its whole name.
    fn measured(&self, act: &Act<'r>, phrase: &Phrase) -> Option<&'r str> {
        let next = act.arguments(&["of"]).map(|of| &of.phrase).find(|of| of.span.start == phrase.span.end + 1)?;
        let bare = next.determiner == Determiner::None && next.services.is_empty() && next.values.is_empty();
        let open = bare && !next.pronoun && !next.head.is_empty() && self.refer(next).is_none();
        let several = act.frame.objects.len() > 1 && self.source_of(act, next, &[]).is_none();
        (open && several).then_some(next.head.as_str())
    }

    /// "as bug, question or praise": several names of one thing.
    fn classes(&self, act: &Act<'r>) -> Vec<String> {
        let named: Vec<String> = act.arguments(&["as", "into"]).map(|argument| slug(&argument.phrase.head)).collect();
        if named.len() > 1 { named } else { Vec::new() }
    }

    /// The acts that follow.
    pub(in crate::plan) fn next_acts(&self, act: &Act<'r>) -> impl Iterator<Item = Act<'r>> + use<'r> {
        let reading = self.reading;
        (act.index + 1..reading.clauses.len())
            .filter(move |at| reading.clauses.get(*at).is_some_and(|clause| clause.role == Role::Act))
            .filter_map(move |at| Act::of(reading, at))
    }

    /// From here on every entry is handled by itself: "a personal mail to each".
    pub(in crate::plan) fn goes_on_per_item(&self, act: &Act<'r>) -> bool {
        let deliver = |act: &Act<'_>| {
            self.is(act, Class::Tell)
                || self.is(act, Class::Store)
                || self.is(act, Class::Make)
                || self.is(act, Class::Change)
        };
        let one = |phrase: &Phrase| {
            let new = !phrase.head.is_empty() && names(phrase).iter().any(|name| name == act.plain_lemma());
            phrase.determiner == Determiner::Each && !new
                || (self.known.is_item_person(&phrase.head) && !matches!(phrase.determiner, Determiner::Mine))
        };
        // "… as one message", "in a single mail"
        let together = |phrase: &Phrase| {
            gathers(phrase)
                || is_single(phrase) && self.known.is_carrier(phrase.head.rsplit(' ').next().unwrap_or_default())
        };
        // "sum up each one and mail me the list"
        let list = |next: Act<'_>| {
            let sent = |phrase: &Phrase| phrase.pronoun && next.frame.objects.iter().any(|own| own.span == phrase.span);
            let person = |phrase: &Phrase| one(phrase) && !sent(phrase);
            let shape = next.arguments(&["as", "in"]).map(|argument| &argument.phrase);
            let told = shape.filter(|_| self.is(&next, Class::Tell));
            next.frame.objects.iter().chain(told).any(together) && !next.phrases().any(person)
        };
        if self.next_acts(act).take(4).find(deliver).is_some_and(list) {
            return false;
        }
        // "a newsletter with one paragraph per article": one for all of them.
        let within = |phrase: &Phrase| {
            let per = act.arguments(&["per"]).any(|argument| argument.phrase.span == phrase.span);
            per && act.arguments(&["with"]).any(|argument| argument.phrase.span.end <= phrase.span.start)
        };
        // "find the best quotes and make a tweet out of each": of several that were taken out.
        let drawn = self.latest().and_then(|at| self.draft.data.get(at));
        let drawn = drawn.is_some_and(|datum| datum.made && datum.flow.is_list() && !datum.single);
        if drawn && act.arguments(&["of", "out of", "from", "for"]).any(|argument| argument.phrase.head == "each") {
            return true;
        }
        let own = act
            .phrases()
            .any(|phrase| (phrase.determiner == Determiner::Each || phrase.head == "each") && !within(phrase))
            && self.next_acts(act).take(4).any(|next| deliver(&next));
        // "review them and leave comments"
        let commented = |phrase: &Phrase| {
            matches!(phrase.head.as_str(), "comment" | "reply" | "review comment") && phrase.services.is_empty()
        };
        let list = self.latest().is_some_and(|at| self.draft.data.get(at).is_some_and(|datum| datum.service.is_some()));
        let comments = list
            && self
                .next_acts(act)
                .take(1)
                .any(|next| next.frame.objects.iter().any(commented) || next.plain_lemma() == "comment");
        own || comments
            || self.next_acts(act).take(3).any(|next| {
                let objects = next.frame.objects.iter().filter(|phrase| !phrase.pronoun);
                deliver(&next) && next.frame.recipients.iter().chain(next.places()).chain(objects).any(one)
            })
    }
}

pub(in crate::plan) fn is_state(text: &str) -> bool {
    !text.contains(' ') && (text.ends_with("ed") || STATES.contains(&text))
}

/// How things stand that come in several states.
const STATES: [&str; 14] = [
    "overdue", "open", "stale", "late", "due", "pending", "active", "inactive", "urgent", "missing", "unpaid", "paid",
    "done", "broken",
];

/// "Summarise it": nothing more is said than that.
fn is_plain_summary(act: &Act<'_>) -> bool {
    // "a summary of the page, by mail"
    let noun = |phrase: &Phrase| phrase.head == "summary" && phrase.modifiers.is_empty() && phrase.tail.is_none();
    if let [phrase] = act.frame.objects.as_slice()
        && noun(phrase)
    {
        let plain = |argument: &Argument| {
            let Argument { preposition, phrase } = argument;
            // "turn the summary into a LinkedIn post"
            let named = !phrase.services.is_empty() || phrase.head == "email" || !phrase.values.is_empty();
            let way = named && preposition != "into";
            matches!(preposition.as_str(), "of" | "from") && phrase.tail.is_none() || way
        };
        return act.frame.arguments.iter().all(plain) && act.frame.complement.is_none();
    }
    matches!(act.lemma().as_str(), "summarise" | "sum up" | "condense" | "digest" | "recap")
        && act.frame.objects.len() == 1
        && act.frame.arguments.iter().all(|argument| argument.preposition == "from" || argument.preposition == "of")
        && act.frame.complement.is_none()
        && act.frame.recipients.is_empty()
        && act.frame.objects.iter().all(|phrase| {
            phrase.tail.is_none() && phrase.modifiers.iter().all(|word| word == "new" || word == "unread")
        })
}

/// "the last", "most recent": what is read comes in that order.
fn is_order(text: &str) -> bool {
    const ORDER: [&str; 7] = ["the", "my", "most", "last", "latest", "newest", "recent"];
    text.split_whitespace().all(|word| ORDER.contains(&word.to_lowercase().as_str()))
}
