//! What only the person can give for a thought: "the lecture notes", "a topic".

use crate::{
    knowledge::{Class, capitalised},
    plan::{
        clauses::act::{self, Act, names},
        steps::{build::Builder, draft::AskKind},
    },
    reading::{Determiner, Phrase, Span, Token, TokenKind, Value},
};

/// More fields are not asked for one by one.
const FIELDS: usize = 8;

impl<'k, 'r> Builder<'k, 'r> {
    /// "for a product", "for my article": which one only the person knows.
    fn is_bare(&self, phrase: &Phrase) -> bool {
        phrase.modifiers.is_empty()
            && phrase.tail.is_none()
            && matches!(phrase.determiner, Determiner::Some | Determiner::Mine)
            && self.known.is_askable(&phrase.head)
    }

    /// What only the person can give: "the lecture notes", "a topic".
    pub(in crate::plan) fn asked_about(&mut self, act: &Act<'r>) -> Vec<usize> {
        let mut listed = self.fields_asked(act);
        let asked = self.asked_for(act);
        listed.extend(asked);
        listed
    }

    /// "about my kid (name, age, favourite animal)": each of them.
    fn fields_asked(&mut self, act: &Act<'r>) -> Vec<usize> {
        let own = |phrase: &&Phrase| matches!(phrase.determiner, Determiner::Mine | Determiner::Some);
        let tails = act.phrases().filter(own).filter_map(|phrase| phrase.tail.clone());
        let tails: Vec<Span> = tails.filter(|tail| self.lists_fields(tail)).collect();
        let mut asked = Vec::new();
        for tail in tails {
            let parts = self.text(&tail).trim_matches(['(', ')']).split(',').map(str::trim);
            for part in parts.filter(|part| !part.is_empty() && part.len() < 40).take(FIELDS) {
                let flow = self.draft.ask(&capitalised(part), "", AskKind::Text, None);
                asked.push(self.draft.given(flow, vec![part.to_owned()]));
            }
            self.cover.close(&tail);
        }
        asked
    }

    fn asked_for(&mut self, act: &Act<'r>) -> Vec<usize> {
        // "Rate my pitch", "the cover letter below": what is judged or changed has to be there.
        let works =
            self.is(act, Class::Think) && !self.known.composes(act.plain_lemma()) && !self.is(act, Class::Fetch);
        let worked_on = |phrase: &Phrase| {
            let object = act.frame.objects.iter().any(|object| object.span == phrase.span);
            works
                && !phrase.head.is_empty()
                && (phrase.determiner == Determiner::The
                    || object && matches!(phrase.determiner, Determiner::Mine | Determiner::Count(_)))
                && !names(phrase).iter().any(|name| self.known.is_generic(name) || self.known.is_vague(name))
        };
        let wanted: Vec<Phrase> = act
            .phrases()
            .filter(|phrase| {
                let manner = self.known.is_setting(&phrase.head)
                    && act.arguments(&["in", "with"]).any(|argument| argument.phrase.span == phrase.span);
                !phrase.pronoun
                    && (!is_aside(act, phrase) || self.handed(phrase) || self.is_bare(phrase) && phrase.head != "draft")
                    && !manner
                    && phrase.determiner != Determiner::No
                    && !self.is_manner(phrase)
                    && !self.is_made_by(act, phrase)
                    // "write a journal prompt": whatever it is.
                    && !(matches!(act.plain_lemma(), "write" | "draft" | "compose")
                        && matches!(phrase.determiner, Determiner::Some | Determiner::Count(_))
                        && act.frame.objects.first().is_some_and(|object| object.span == phrase.span)
                        && !self.handed(phrase))
                    // "slides with speaker notes": they are written too.
                    && !((self.known.composes(act.plain_lemma()) || self.recasts(act)
                        // "score it with feedback", not "with a rubric"
                        || act.judges() && phrase.determiner == Determiner::None)
                        && !self.handed(phrase)
                        && matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_))
                        && act.arguments(&["with", "each with", "including"]).any(|with| with.phrase.span == phrase.span))
                    && !self.is_taken_out(act, phrase)
                    && phrase.values.iter().all(|at| {
                        matches!(
                            self.reading.tokens.get(*at).map(|token| &token.kind),
                            Some(TokenKind::Value(Value::Number(_) | Value::Placeholder(_)))
                        )
                    })
                    && phrase.services.is_empty()
                    && !self.known.is_person(&phrase.head)
                    && (names(phrase).iter().any(|name| self.known.is_askable(name))
                        || self.handed(phrase)
                        || worked_on(phrase)
                        || (act.reworks() || act.judges() || self.recasts(act))
                            && act.frame.objects.iter().any(|object| object.span == phrase.span)
                        || self.known.composes(act.plain_lemma())
                            && phrase.determiner == Determiner::The
                            && act.origins().iter().any(|origin| origin.span == phrase.span)
                        || phrase.values.iter().any(|at| {
                            let value = self.reading.tokens.get(*at).and_then(Token::value);
                            matches!(value, Some(Value::Placeholder(_)))
                        }))
                    && !(phrase.determiner == Determiner::Some
                        && act.arguments(&["about", "on"]).next().is_some()
                        && names(phrase).iter().any(|name| self.known.is_writable(name)))
                    && !(self.is_product(act, phrase)
                        && !act.origins().iter().any(|origin| origin.span == phrase.span)
                        && matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_)))
                    && !self.is_measure(phrase)
            })
            .cloned()
            .collect();
        // "based on my age, weight and goal": what stands beside what is asked for.
        let mut wanted: Vec<Phrase> = wanted;
        for pair in act.frame.arguments.windows(2) {
            let [one, other] = pair else { continue };
            let beside = one.preposition == other.preposition && other.phrase.span.start <= one.phrase.span.end + 2;
            let plain = other.phrase.services.is_empty() && other.phrase.values.is_empty() && !other.phrase.pronoun;
            let asked = |phrase: &Phrase| wanted.iter().any(|known| known.span == phrase.span);
            let listed = one.phrase.determiner == Determiner::Mine || other.phrase.determiner == Determiner::None;
            if beside && plain && listed && asked(&one.phrase) && !asked(&other.phrase) {
                wanted.push(other.phrase.clone());
            }
        }
        // "Extract the name and the company from a text": the text is what the person has.
        let held: Vec<Phrase> = act
            .arguments(&["from", "out of"])
            .map(|argument| &argument.phrase)
            .filter(|phrase| phrase.services.is_empty() && phrase.values.is_empty())
            .filter(|phrase| !self.known.is_person(&phrase.head) && !phrase.head.is_empty())
            .cloned()
            .collect();
        let takes_out = self.known.usual_verb(&act.lemma()) == "extract" && !held.is_empty();
        let wanted = if takes_out { held } else { wanted };
        // Nobody is there to paste orders into an agent that runs by itself.
        let alone = self.reading.schedule.is_some() || self.polls;
        if alone
            && let Some(phrase) =
                wanted.iter().find(|phrase| !names(phrase).iter().any(|name| self.known.is_setting(name)))
        {
            let what = self.text(&act::core(phrase)).to_owned();
            self.question(
                &format!("Where does this come from, and how can it be read: {what}?"),
                &phrase.head,
                "From the web page https://example.com/news",
            );
        }
        wanted.iter().take(5).flat_map(|phrase| self.ask_each(phrase)).collect()
    }
}

/// What the result is for or what becomes of it is not thought about: "as a list", "into Spanish".
pub(in crate::plan) fn is_aside(act: &Act<'_>, phrase: &Phrase) -> bool {
    act.frame.arguments.iter().any(|argument| {
        argument.phrase.span == phrase.span
            && matches!(
                argument.preposition.as_str(),
                "for" | "to" | "as" | "by" | "like" | "into" | "using" | "via" | "such as" | "than"
            )
    })
}
