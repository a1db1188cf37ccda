//! Runs an agent of the person's own as a step: one that the goal names, or one that does a whole clause.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use crate::{
    catalogue::{outer_field, schema::Types, singular, special, stem},
    knowledge::{Class, Knowledge},
    plan::{
        clauses::act::Act,
        model::{Binding, Reason, Step},
        steps::{
            build::{Builder, Part, Unserved},
            cover,
            draft::{AskKind, slug},
        },
        wording::english,
    },
    reading::{Determiner, Phrase, Value},
    sub_agents::{SubAgent, is_running},
};

/// Lead to the agent that does an act, or that it hands something to.
const THROUGH: [&str; 8] = ["with", "through", "via", "by", "using", "to", "into", "from"];
/// Words of a name that say nothing of what the agent does.
const KINDS: [&str; 10] =
    ["agent", "assistant", "bot", "workflow", "automation", "helper", "tool", "pipeline", "daily", "weekly"];

/// "Let the scorer rate it", "run the scorer".
fn runs_it(lemma: &str) -> bool {
    is_running(lemma) || matches!(lemma, "let" | "have" | "ask" | "apply")
}

impl<'k, 'r> Builder<'k, 'r> {
    /// Builds the steps of an act that agents do; `false` if there is more to do, or no agent is spoken of.
    pub(in crate::plan) fn runs_agents(&mut self, act: &Act<'r>) -> bool {
        let known: &'k Knowledge = self.known;
        let named: Vec<(usize, &'k SubAgent)> = act
            .values()
            .filter_map(|(at, value)| match value {
                Value::Quoted(name) => Some((at, known.agents.called(name)?)),
                _ => None,
            })
            .collect();
        if named.is_empty() {
            let Some(agent) = known.agents.iter().find(|agent| self.does(agent, act)) else {
                return self.misses_agent(act);
            };
            self.run_agent(act, agent, &[]);
            self.cover.add(&act.clause.span);
            return true;
        }
        let places: Vec<usize> = named.iter().map(|(at, _)| *at).collect();
        let mut ran = false;
        for (_, agent) in named {
            ran |= self.run_agent(act, agent, &places);
        }
        for at in &places {
            self.cover.close(&(*at..at + 1));
        }
        let holds = |phrase: &&Phrase| phrase.values.iter().any(|at| places.contains(at));
        for phrase in act.phrases().filter(holds) {
            let words = phrase.span.clone().filter(|at| {
                let word = self.reading.tokens.get(*at).and_then(|token| token.word());
                word.is_some_and(|word| self.known.is_agent(word) || KINDS.contains(&word) || cover::is_empty(word))
            });
            words.collect::<Vec<_>>().into_iter().for_each(|at| self.cover.close(&(at..at + 1)));
        }
        let through = act.arguments(&THROUGH).map(|argument| &argument.phrase).any(|phrase| holds(&phrase));
        let whole = act.frame.verb.is_none()
            || runs_it(act.plain_lemma())
            || through
            || self.is(act, Class::Fetch) && act.services().is_empty();
        if whole && let Some(verb) = act.frame.verb.as_ref().filter(|_| ran) {
            self.cover.close(&verb.span);
        }
        whole || !ran
    }

    /// "Run my agent X": there is none of that name.
    fn misses_agent(&mut self, act: &Act<'r>) -> bool {
        let own = |phrase: &&Phrase| {
            let mut words = phrase.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
            phrase.determiner == Determiner::Mine && words.any(|word| word == "agent")
        };
        let runs = runs_it(act.plain_lemma());
        let Some(phrase) = act.frame.objects.iter().find(own).filter(|_| runs) else {
            return false;
        };
        let name = self.text(&phrase.span);
        let name = name.split_once("agent").map_or(name, |(_, name)| name).trim();
        let (what, text) = (format!("an agent of yours {name}"), act.text().to_owned());
        let what = Some(what.trim().to_owned());
        self.unserved.push(Unserved { text, what, kind: Part::Source, span: act.clause.span.clone() });
        true
    }

    /// Whether the words of an agent cover all that the act says, and no block fits as well.
    fn does(&self, agent: &SubAgent, act: &Act<'r>) -> bool {
        if act.frame.verb.is_none() || agent.outputs().next().is_none() || !agent.can_be_linked() {
            return false;
        }
        let timed =
            |at: &usize| self.reading.schedule.iter().flat_map(|found| &found.spans).any(|span| span.contains(at));
        let said = act.clause.span.clone().filter(|at| !timed(at));
        let said: HashSet<String> = said
            .filter_map(|at| self.reading.tokens.get(at)?.word())
            .filter(|word| !cover::is_empty(word))
            .map(root)
            .collect();
        if said.len() < 2 {
            return false;
        }
        let name: HashSet<String> =
            split(&agent.name).filter(|word| !KINDS.contains(&word.as_str())).map(|word| root(&word)).collect();
        let schemas = [agent.block.input_schema(), agent.block.output_schema()];
        let fields = schemas.into_iter().flat_map(|schema| schema.properties.iter());
        let words: HashSet<String> =
            roots(&agent.block.description).chain(fields.flat_map(|(name, _)| roots(name))).collect();
        if !said.iter().all(|word| name.contains(word) || words.contains(word)) {
            return false;
        }
        let verb = act.frame.verb.as_ref().map(|verb| root(&verb.lemma)).unwrap_or_default();
        let shared = name.intersection(&said).count();
        let strong = shared > 1 && shared == name.len();
        let block = || {
            let reads = |phrase: &Phrase| self.fetchable(act, phrase);
            self.service_block(act).is_some()
                || self.maker(act).is_some()
                || self.channel(act).is_some()
                || self.is(act, Class::Fetch) && act.phrases().any(reads)
        };
        (name.contains(&verb) || words.contains(&verb)) && (strong || shared > 0 && !block())
    }

    /// Adds the step, and the agent's outputs as what others can go on with. `named` are the places of names in the text.
    fn run_agent(&mut self, act: &Act<'r>, agent: &'k SubAgent, named: &[usize]) -> bool {
        if agent.outputs().next().is_none() || !agent.can_be_linked() {
            let told = "this agent gives nothing out that another could go on with";
            self.leave(act.text(), Reason::NotSupported, told);
            return false;
        }
        let mut data = self.handed_to(act, named);
        let says = act.instruction();
        let mut step = Step {
            block: special::AGENT_EXECUTOR.to_owned(),
            title: english::cut(&format!("Run {}", agent.name.trim()), 60),
            says,
            inputs: Vec::new(),
        };
        for (name, value) in &agent.values {
            step.bind(name, Binding::Value(value.clone()));
        }
        let mut values = Map::new();
        let required: Vec<&str> = agent.block.required_inputs().collect();
        let inputs = agent.block.input_schema().properties.iter();
        let mut open = Vec::new();
        for (name, schema) in inputs {
            let binding = if agent.block.is_credential(name) || agent.values.contains_key(name) {
                continue;
            } else if let Some(found) = self.called_like(name, &data) {
                data.retain(|at| *at != found);
                self.take(found).map(|flow| self.draft.fit(&flow, schema.kind()).binding())
            } else {
                self.said_for(act, name, schema.kind(), named).map(Binding::Value)
            };
            match binding {
                Some(Binding::Value(value)) => drop(values.insert(name.to_owned(), value)),
                Some(binding) => step.bind(name, binding),
                None if required.contains(&name) => open.push((name, schema)),
                None => {}
            }
        }
        for (name, schema) in open {
            let flow = match (data.is_empty(), schema.default.as_ref()) {
                (true, Some(_)) => continue,
                (true, None) => {
                    let kind = match schema.kind() {
                        types if types.is_within(Types::NUMBER) || types.is_within(Types::INTEGER) => AskKind::Number,
                        types if types.is_within(Types::ARRAY) || types.is_within(Types::OBJECT) => AskKind::List,
                        _ => AskKind::Text,
                    };
                    Some(self.draft.ask(name, &schema.description, kind, None))
                }
                (false, _) => {
                    let at = data.remove(0);
                    self.take(at)
                }
            };
            if let Some(flow) = flow {
                step.bind(name, self.draft.fit(&flow, schema.kind()).binding());
            }
        }
        step.bind("inputs", Binding::Value(values.into()));
        let at = self.draft.push(step);
        // The first output is the main one: the newest datum.
        let outputs: Vec<&str> = agent.outputs().collect();
        for output in outputs.into_iter().rev() {
            let mut flow = self.draft.flow(at, output);
            flow.types = agent.block.output_type(output).unwrap_or(Types::ANY);
            flow.name = slug(output);
            let words = output.replace('_', " ").to_lowercase();
            let mut nouns = vec![singular(&words), "result".to_owned(), agent.name.to_lowercase()];
            nouns.dedup();
            let (datum, scope) = (self.draft.given(flow, nouns), self.scope);
            if let Some(datum) = self.draft.data.get_mut(datum) {
                (datum.made, datum.under, datum.single) = (true, scope, true);
            }
        }
        self.done += 1;
        true
    }

    /// What the act hands to the agent: what its words refer to, what it says where to read, else what is there.
    fn handed_to(&mut self, act: &Act<'r>, named: &[usize]) -> Vec<usize> {
        let own = |phrase: &Phrase| phrase.values.iter().any(|at| named.contains(at));
        let phrases: Vec<&'r Phrase> = act.phrases().filter(|phrase| !own(phrase)).collect();
        let mut data = Vec::new();
        for phrase in phrases {
            let found = match self.refer(phrase) {
                Some(found) => Some(found),
                None if self.fetchable(act, phrase) => self.fetch(act, phrase, &[]),
                None => None,
            };
            let Some(found) = found else { continue };
            let one = if phrase.determiner == Determiner::Each { self.single(found) } else { found };
            self.cover.add(&phrase.span);
            if !data.contains(&one) {
                data.push(one);
            }
        }
        if data.is_empty() { self.pending().into_iter().next_back().into_iter().collect() } else { data }
    }

    /// Of these data, or of all that are there, one that is called as the input is.
    fn called_like(&self, input: &str, data: &[usize]) -> Option<usize> {
        let noun = singular(&input.replace('_', " ").to_lowercase());
        let is = |at: &&usize| self.draft.data.get(**at).is_some_and(|datum| datum.nouns.contains(&noun));
        data.iter().find(is).copied().or_else(|| self.named(&noun))
    }

    /// A value of the clause that can only be meant for this input.
    fn said_for(&mut self, act: &Act<'r>, input: &str, types: Types, named: &[usize]) -> Option<Json> {
        let name = outer_field(input).to_lowercase();
        let is = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let text = types.is_any() || types.flows_into(Types::STRING);
        let number = types.is_within(Types::NUMBER) || types.is_within(Types::INTEGER);
        let fits = |value: &Value| match value {
            Value::Url(url) if text && is(&["url", "link", "site", "page", "feed"]) => Some(Json::from(url.as_str())),
            Value::Email(address) if text && is(&["mail", "address", "recipient", "to"]) => {
                Some(Json::from(address.as_str()))
            }
            Value::Channel(channel) if text && is(&["channel"]) => Some(Json::from(channel.as_str())),
            Value::Quoted(quoted) if text => Some(Json::from(quoted.as_str())),
            Value::Number(value) if number => {
                let whole = format!("{value:.0}").parse::<i64>().ok().filter(|_| value.fract() == 0.0);
                Some(whole.map_or_else(|| Json::from(*value), Json::from))
            }
            _ => None,
        };
        let mut values = act.values().filter(|(at, _)| !named.contains(at) && !self.cover.has(*at));
        let (at, value) = values.find_map(|(at, value)| Some((at, fits(value)?)))?;
        self.cover.close(&(at..at + 1));
        Some(value)
    }
}

/// What forms of a word share: "score", "scores" and "scorer".
fn root(word: &str) -> String {
    stem(&singular(&word.to_lowercase()))
}

fn roots(text: &str) -> impl Iterator<Item = String> {
    split(text).map(|word| root(&word))
}

/// Its words, as the vocabulary writes them.
fn split(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(crate::text::plain)
}
