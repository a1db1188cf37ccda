//! Goals that are a question: what is known of it is read or looked up, and the whole of the goal is answered from that.

use serde_json::json;

use crate::{
    catalogue::{NESTED, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::{self, Act},
        model::Binding,
        steps::{
            build::{Builder, Part},
            fill::Fill,
        },
        wording::english,
    },
    reading::{Clause, Determiner, Phrase, Role, Span, Token},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Which country …? If there is a tie, …. Give the code." The goal asks, and says at most how to answer.
    pub(in crate::plan) fn is_enquiry(&self) -> bool {
        let clauses = &self.reading.clauses;
        let asks: Vec<usize> =
            clauses.iter().filter(|clause| self.asks(clause)).map(|clause| clause.sentence).collect();
        let side = |clause: &Clause, index: usize| match clause.role {
            Role::Trigger | Role::Loop | Role::Schedule | Role::Instruction => false,
            _ if asks.contains(&clause.sentence) => {
                Act::of(self.reading, index).is_none_or(|act| !self.is_ours(&act) && self.channel(&act).is_none())
            }
            Role::Act => Act::of(self.reading, index).is_some_and(|act| {
                let looks = self.is(&act, Class::Fetch) && !act.phrases().any(|phrase| self.is_own(phrase));
                let says =
                    ANSWERS.contains(&act.plain_lemma()) || act.frame.negated || act.frame.verb.is_none() || looks;
                !self.answer_goes_out(&act)
                    && (says || act.frame.subject.as_ref().is_some_and(|phrase| phrase.head != "you"))
            }),
            _ => true,
        };
        // "Could you set something up that …?" asks for an agent.
        let of_us = |clause: &Clause| asks.contains(&clause.sentence) && self.speaks_of_us(&clause.span);
        !asks.is_empty()
            && !clauses.iter().any(of_us)
            && self.reading.schedule.is_none()
            && clauses.iter().enumerate().all(|(index, clause)| side(clause, index))
    }

    /// There is a question in it, though not about whoever answers.
    pub(in crate::plan) fn asks_something(&self) -> bool {
        let words = || self.reading.tokens.iter().filter_map(Token::word);
        let opens = |word: &str| QUESTIONS.contains(&word.split('\'').next().unwrap_or(word));
        let asks = words().next().is_some_and(opens) || self.reading.text.contains('?') && words().any(opens);
        asks && !self.speaks_of_us(&(0..self.reading.tokens.len()))
    }

    /// Of whoever answers, or of an agent.
    fn speaks_of_us(&self, span: &Span) -> bool {
        let mut words = self.reading.tokens.get(span.clone()).unwrap_or_default().iter().filter_map(Token::word);
        words.any(|word| matches!(word, "you" | "your") || self.known.is_agent(word.trim_end_matches('s')))
    }

    /// A question about the world, not about what can be built.
    fn asks(&self, clause: &Clause) -> bool {
        if !matches!(clause.role, Role::Act | Role::Background | Role::Value | Role::Title) {
            return false;
        }
        let tokens = self.reading.tokens.get(clause.span.clone()).unwrap_or_default();
        let mut words = tokens.iter().filter_map(Token::word);
        let first = words.next().map(|word| word.split('\'').next().unwrap_or(word).trim_end_matches("'s"));
        let opens = |word: &str| QUESTIONS.contains(&word);
        let second = words.next().unwrap_or_default();
        let ends = self
            .reading
            .tokens
            .iter()
            .skip(clause.span.start)
            .find(|token| token.raw(&self.reading.text).chars().all(|c| matches!(c, '.' | '!' | '?' | '\n')));
        let mark = ends.is_some_and(|token| token.raw(&self.reading.text).starts_with('?'));
        first.is_some_and(opens) && (mark || second != "to" && !opens(second) && self.first_act() == Some(clause))
            || mark && words.chain([second]).any(opens)
    }

    fn first_act(&self) -> Option<&'r Clause> {
        self.reading.clauses.iter().find(|clause| !matches!(clause.role, Role::Politeness | Role::Background))
    }

    /// About whoever answers, or about a service that nothing reads.
    fn is_ours(&self, act: &Act<'r>) -> bool {
        self.speaks_of_us(&act.clause.span) || act.phrases().any(|phrase| self.unreadable(act, phrase).is_some())
    }

    /// It belongs to the person, or is in a service.
    fn is_own(&self, phrase: &Phrase) -> bool {
        phrase.determiner == Determiner::Mine || !phrase.services.is_empty() || !phrase.values.is_empty()
    }

    fn answer_goes_out(&self, act: &Act<'r>) -> bool {
        self.channel(act).is_some() || self.is(act, Class::Store) || !act.services().is_empty()
    }

    /// Reads or looks up what the goal asks, and answers it.
    pub(in crate::plan) fn answer_question(&mut self) {
        if self.computes() {
            return;
        }
        let all = 0..self.reading.tokens.len();
        let now = self.source_in(&all);
        let now =
            now.filter(|block| matches!(block.name.as_str(), "GetCurrentDateBlock" | "GetWeatherInformationBlock"));
        // What the weather will be like, only a forecast tells.
        let words = || self.reading.tokens.iter().filter_map(Token::word);
        let later = words().any(|word| FORECAST.contains(&word));
        if let Some(block) = now.filter(|block| !(later && block.name == "GetWeatherInformationBlock")) {
            let says = act::sentence(&english::shortened(&self.reading.text, 80));
            let place = self.place_in_question().filter(|_| block.input_schema().properties.get("location").is_some());
            let given = place.map(|place| ("location".to_owned(), Binding::Value(json!(place))));
            let given = given.into_iter().collect();
            let step = self.apply(block, Fill { name: Some(says.clone()), says, given, ..Fill::default() });
            self.draft.gives(step, &[], None);
            self.cover.add(&all);
            self.done += 1;
            return;
        }
        let text = english::shortened(&self.reading.text, 1000);
        let mut data = self.named_in_question();
        if self.counts(&data) || data.is_empty() && self.asks_of_closed() {
            return;
        }
        if data.is_empty() {
            let Some(search) = self.known.catalogue.by_name("SearchTheWebBlock") else { return };
            let says = format!("Search the web: {}", english::shortened(&text, 80));
            let query = json!(english::shortened(&text, 300));
            let step = self.step_of(search, &says, &[("query", query)], &[]);
            data.extend(self.draft.gives(step, &["result".to_owned()], None));
        }
        let flows: Vec<_> = data.iter().filter_map(|datum| self.take(*datum)).collect();
        let Some(block) = self.known.catalogue.by_name("AITextGeneratorBlock") else { return };
        let mut prompt = format!("Answer this from what was found, and name the sources: {text}");
        let mut given = Vec::new();
        for flow in flows {
            let name = format!("prompt_values{NESTED}{}", flow.name);
            prompt.push_str(&format!("\n\n{{{{{}}}}}", flow.name));
            given.push((name, self.draft.fit(&flow, Types::STRING)));
        }
        let given: Vec<_> = given.iter().map(|(name, flow)| (name.as_str(), flow.clone())).collect();
        let says = "Answer the question from what was found";
        let step = self.step_of(block, says, &[("prompt", json!(prompt))], &given);
        self.made(step, vec!["answer".to_owned()], None, &data);
        for clause in &self.reading.clauses {
            self.cover.add(&clause.span);
        }
        self.done += 1;
    }

    /// "the weather **in New York**"
    fn place_in_question(&self) -> Option<String> {
        let tokens = &self.reading.tokens;
        let large = |at: &usize| {
            let raw = tokens.get(*at).filter(|token| token.word().is_some());
            raw.is_some_and(|token| token.raw(&self.reading.text).starts_with(char::is_uppercase))
        };
        let place =
            |at: &usize| tokens.get(*at).and_then(Token::word).is_some_and(|word| matches!(word, "in" | "at" | "for"));
        let start = (0..tokens.len()).filter(place).find(|at| large(&(at + 1)))? + 1;
        let end = (start..tokens.len()).find(|at| !large(at)).unwrap_or(tokens.len());
        Some(self.text(&(start..end)).to_owned())
    }

    /// What the question itself is about: pages, files, and what the person has somewhere.
    fn named_in_question(&mut self) -> Vec<usize> {
        let reading = self.reading;
        let mut data = Vec::new();
        for index in 0..reading.clauses.len() {
            let Some(act) = Act::of(reading, index) else { continue };
            for phrase in act.phrases() {
                let file =
                    phrase.modifiers.iter().any(|word| matches!(word.as_str(), "attached" | "uploaded" | "enclosed"));
                let source = self.source_of(&act, phrase, &[]);
                let own = source.is_some_and(|source| {
                    !source.block.trigger && (source.named || !PUBLIC.contains(&source.block.name.as_str()))
                });
                let sender = act.arguments(&["from"]).any(|argument| argument.phrase.span == phrase.span)
                    && act.frame.objects.iter().any(|object| self.is_mail(&act, object));
                if (own || file)
                    && !sender
                    && let Some(datum) = self.fetch(&act, phrase, &[])
                {
                    self.draft.data.get(datum).map(|datum| datum.flow.step).map(|step| self.limits(step, 100));
                    data.push(datum);
                }
            }
        }
        data.dedup();
        data
    }

    /// "Why does my Facebook Ads account get so few clicks?": nothing reads it, and no search finds it.
    fn asks_of_closed(&mut self) -> bool {
        let reading = self.reading;
        let mine = |phrase: &&Phrase| phrase.determiner == Determiner::Mine;
        let found = (0..reading.clauses.len()).filter_map(|index| Act::of(reading, index)).find_map(|act| {
            let service = act.phrases().filter(mine).find_map(|phrase| phrase.services.first())?;
            Some((act, service.clone()))
        });
        let Some((act, service)) = found else { return false };
        self.unknown_service(&act, &service, Part::Source);
        true
    }

    /// "How many mails did I get?": as many as there are in the list.
    fn counts(&mut self, data: &[usize]) -> bool {
        let words = self.reading.tokens.iter().filter_map(Token::word).collect::<Vec<_>>();
        let many = words.windows(2).any(|two| two == ["how", "many"]);
        let list = data.first().and_then(|at| self.draft.data.get(*at));
        let list = list.filter(|datum| many && data.len() == 1 && datum.flow.is_list() && datum.open.is_empty());
        let (Some(flow), Some(block)) =
            (list.map(|datum| datum.flow.clone()), self.known.catalogue.by_name("CountItemsBlock"))
        else {
            return false;
        };
        let says = format!("Count the {}", english::plural(&flow.name.replace('_', " ")));
        let step = self.step_of(block, &says, &[], &[("collection", flow)]);
        self.made(step, vec!["count".to_owned()], None, data);
        self.cover.add(&(0..self.reading.tokens.len()));
        self.done += 1;
        true
    }

    /// "What is 12 times 34?"
    fn computes(&mut self) -> bool {
        use crate::reading::{TokenKind, Value};
        let tokens = &self.reading.tokens;
        let number = |at: usize| match &tokens.get(at)?.kind {
            TokenKind::Value(Value::Number(number)) => format!("{number}").parse::<serde_json::Number>().ok(),
            _ => None,
        };
        let found = (0..tokens.len()).find_map(|at| {
            let TokenKind::Word(word) = &tokens.get(at + 1)?.kind else { return None };
            let (operation, second) = match word.as_str() {
                "times" | "x" => ("Multiply", at + 2),
                "plus" => ("Add", at + 2),
                "minus" => ("Subtract", at + 2),
                "divided" => ("Divide", at + 3),
                "multiplied" => ("Multiply", at + 3),
                _ => return None,
            };
            Some((operation, number(at)?, number(second)?))
        });
        let (Some((operation, a, b)), Some(block)) = (found, self.known.catalogue.by_name("CalculatorBlock")) else {
            return false;
        };
        let step = self.step_of(
            block,
            "Calculate it",
            &[("operation", json!(operation)), ("a", json!(a)), ("b", json!(b))],
            &[],
        );
        self.draft.gives(step, &["result".to_owned()], None);
        self.cover.add(&(0..tokens.len()));
        self.done += 1;
        true
    }
}

/// Verbs that only say how an answer is to look.
const ANSWERS: [&str; 26] = [
    "give", "return", "answer", "provide", "express", "round", "write", "list", "state", "report", "name", "include",
    "exclude", "ignore", "assume", "use", "note", "say", "tell", "explain", "format", "separate", "order", "sort",
    "add", "consider",
];
const FORECAST: [&str; 8] = ["tomorrow", "weekend", "week", "forecast", "next", "going", "will", "tonight"];
const QUESTIONS: [&str; 11] = ["which", "what", "who", "whom", "whose", "where", "when", "how", "why", "whats", "whos"];
/// Blocks that read what everybody can.
const PUBLIC: [&str; 8] = [
    "SearchTheWebBlock",
    "ExtractWebsiteContentBlock",
    "GetWikipediaSummaryBlock",
    "GoogleMapsSearchBlock",
    "GetCurrentDateBlock",
    "GetWeatherInformationBlock",
    "TranscribeYoutubeVideoBlock",
    "FileReadBlock",
];
