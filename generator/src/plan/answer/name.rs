//! What an agent is called.

use crate::{
    catalogue::Action,
    knowledge::{Class, capitalised},
    plan::{
        clauses::{
            act::{Act, names},
            occasion::CHANGES,
        },
        steps::{
            build::Builder,
            draft::Datum,
            say::{NAME, PLAIN, TEXTS, rhythm},
        },
        wording::{
            english::{self, cut, several},
            title,
        },
    },
    reading::{Phrase, Role},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// The name of the agent: rhythm, what is read, what is made, and where it goes.
    pub(in crate::plan) fn agent_name(&self) -> String {
        let rhythm = self.reading.schedule.as_ref().map(|schedule| rhythm(&schedule.cron)).unwrap_or_default();
        let to = self.destination();
        let name = match self.titled_goal() {
            Some(title) if title.split(' ').count() > 1 => return cut(&title, NAME),
            _ => self.matter(&to),
        };
        let act = self.main_act().is_some_and(|act| act == name);
        let to = if act { String::new() } else { to };
        let name = if rhythm.is_empty() || act || name.to_lowercase().starts_with(rhythm) {
            name
        } else {
            format!("{rhythm} {name}")
        };
        let name = if to.is_empty() { name } else { format!("{name} {to}") };
        cut(&capitalised(&self.cased(&name)), NAME)
    }

    /// "Standup reminder:" in front of it all.
    pub(in crate::plan) fn titled_goal(&self) -> Option<String> {
        let first = self.reading.clauses.iter().find(|clause| clause.role != Role::Politeness)?;
        let title = Some(first).filter(|clause| {
            clause.role == Role::Title && clause.frame.as_ref().is_none_or(|frame| frame.verb.is_none())
        })?;
        let text = self.text(&title.span);
        (1..=6)
            .contains(&text.split(' ').count())
            .then(|| capitalised(text))
            .filter(|text| !text.is_empty() && !text.contains(['→', '>']))
    }

    fn matter(&self, to: &str) -> String {
        let acts = self.reading.clauses.iter().filter(|clause| clause.role == Role::Act).count();
        if let (true, 1, Some(act)) = (to.is_empty(), acts, self.main_act()) {
            return act;
        }
        let read = self.read_noun();
        let made = self.draft.data.iter().rfind(|datum| datum.made).and_then(|datum| self.noun(datum));
        let made = made.map(|made| {
            if made.split(' ').count() > 2 { made.rsplit(' ').next().unwrap_or_default().to_owned() } else { made }
        });
        let last = |made: &str| made.rsplit(' ').next().unwrap_or_default().to_owned();
        let product =
            made.filter(|made| read.is_none() || self.known.is_product(made) || self.known.is_product(&last(made)));
        match (read, product) {
            (Some(read), Some(made)) => self.joined(&read, &made),
            (None, Some(made)) if !to.is_empty() => made,
            (Some(read), None)
                if self.alerts() && (to == "by e-mail" || to.starts_with("to ") && to.split(' ').count() == 2) =>
            {
                format!("{read} {}alert", if self.minds_changes() { "change " } else { "" })
            }
            (Some(read), None) if !to.is_empty() => several(&read),
            _ if !to.is_empty() && self.reading.text.to_lowercase().contains("remind") => "reminder".to_owned(),
            _ => self.main_act().unwrap_or_else(|| cut(&self.reading.text, NAME)),
        }
    }

    /// "unread e-mail digest", "invoice summary": without saying a word twice.
    pub(in crate::plan) fn joined(&self, read: &str, made: &str) -> String {
        let again = read.split(' ').any(|word| made.split(' ').any(|other| other == word));
        if again { made.to_owned() } else { format!("{read} {made}") }
    }

    /// The act that says what it is all about, in its own words.
    fn main_act(&self) -> Option<String> {
        let acts: Vec<Act<'_>> = (0..self.reading.clauses.len())
            .filter(|at| self.reading.clauses.get(*at).is_some_and(|clause| clause.role == Role::Act))
            .filter_map(|at| Act::of(self.reading, at))
            .filter(|act| {
                !matches!(act.plain_lemma(), "" | "be" | "have")
                    && !act.frame.negated
                    && !act.clause.span.is_empty()
                    && act.phrases().any(|phrase| !phrase.pronoun && !self.known.is_person(&phrase.head))
            })
            .collect();
        let thought = acts.iter().rfind(|act| !self.is(act, Class::Fetch) && !self.is(act, Class::Tell));
        let act = thought.or_else(|| acts.first())?;
        let title = act.instruction();
        // "Turn them into notes": what they are.
        let pronoun = act.frame.objects.first().filter(|phrase| phrase.pronoun).map(|phrase| self.text(&phrase.span));
        let named = pronoun.zip(self.read_noun()).map(|(word, noun)| {
            let noun = if word == "them" { several(&noun) } else { noun };
            title.replacen(&format!(" {word}"), &format!(" the {noun}"), 1)
        });
        Some(cut(&named.unwrap_or(title), NAME))
    }

    /// Tells when something is the case; nothing is made of what was read.
    pub(in crate::plan) fn alerts(&self) -> bool {
        let guarded =
            self.reading.clauses.iter().any(|clause| matches!(clause.role, Role::Condition)) || self.minds_changes();
        guarded
            || self
                .reading
                .clauses
                .iter()
                .filter_map(|clause| clause.frame.as_ref()?.verb.as_ref())
                .any(|verb| matches!(verb.lemma.as_str(), "alert" | "warn"))
    }

    fn minds_changes(&self) -> bool {
        let verbs = self.reading.clauses.iter().filter(|clause| matches!(clause.role, Role::Trigger | Role::Condition));
        verbs
            .filter_map(|clause| clause.frame.as_ref()?.verb.as_ref())
            .any(|verb| CHANGES.contains(&verb.lemma.as_str()))
    }

    /// "to Slack", "to Todoist tasks", "by e-mail"; empty if nothing leaves the agent.
    fn destination(&self) -> String {
        let mut found: Vec<String> = Vec::new();
        for at in 0..self.draft.steps.len() {
            let Some(block) = self.draft.block(at) else { continue };
            let meaning = self.known.meaning(block);
            let goes = matches!(
                meaning.action,
                Action::Send
                    | Action::Publish
                    | Action::Add
                    | Action::Append
                    | Action::Create
                    | Action::Reply
                    | Action::Upload
                    | Action::Schedule
            );
            let object = meaning.objects.first().map(String::as_str).unwrap_or_default();
            let mail = object == "email" && meaning.action == Action::Send;
            let place = match meaning.service.as_deref() {
                _ if !goes || self.known.tools().iter().any(|tool| tool.block == block.name) => continue,
                _ if mail => "by e-mail".to_owned(),
                Some(service) => {
                    let own = title::own_object(&meaning.objects, service);
                    let text = TEXTS.iter().any(|text| own.ends_with(text)) || own.is_empty();
                    if text { format!("to {service}") } else { format!("to {service} {}", several(&own)) }
                }
                None => continue,
            };
            if !found.contains(&place) {
                found.push(place);
            }
        }
        if found.len() > 2 { found.pop().unwrap_or_default() } else { found.join(" and ").replace(" and to ", " and ") }
    }

    /// What is read first, in the singular.
    pub(in crate::plan) fn read_noun(&self) -> Option<String> {
        self.draft.data.iter().filter(|datum| !datum.made && !datum.receipt).find_map(|datum| self.noun(datum))
    }

    pub(in crate::plan) fn noun(&self, datum: &Datum) -> Option<String> {
        let nouns = datum.nouns.iter().filter(|noun| {
            (*noun == "record" || !self.known.is_generic(noun))
                && !matches!(
                    noun.as_str(),
                    "result" | "text" | "link" | "url" | "web" | "search result" | "before" | "reason"
                )
                && !noun.starts_with("for ")
        });
        let noun = nouns.clone().find(|noun| noun.split(' ').count() < 4)?;
        let plain = |word: &&str| !PLAIN.contains(word);
        let kept: Vec<&str> = noun.split(' ').filter(plain).collect();
        Some(if kept.is_empty() { noun.clone() } else { kept.join(" ") })
    }

    pub(in crate::plan) fn name_in(&self, phrase: &Phrase) -> String {
        names(phrase).into_iter().next().unwrap_or_default()
    }

    /// As the person and the catalogue write it: "SEO", "e-mail".
    pub(in crate::plan) fn cased(&self, text: &str) -> String {
        let written = |word: &str| {
            let token = self.reading.tokens.iter().find(|token| token.word() == Some(word))?;
            let raw = token.raw(&self.reading.text);
            (raw.chars().filter(|c| c.is_uppercase()).count() > 1 && raw.len() < 12).then(|| raw.to_owned())
        };
        let words = text.split(' ').map(|word| written(word).unwrap_or_else(|| english::written(word)));
        words.collect::<Vec<_>>().join(" ")
    }
}
