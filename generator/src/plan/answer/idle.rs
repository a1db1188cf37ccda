//! The net under everything else: an act that asks for something to be made, and that became no step and no part of one.

use crate::{
    knowledge::Class,
    plan::{
        clauses::{act::Act, approval},
        model::{Binding, Reason, Step},
        steps::build::Builder,
    },
    reading::Role,
};

/// Letters by which a word is known again in another form of it: "translate", "translation".
const STEM: usize = 5;
/// Steps that pass on what is there.
const PLUMBING: [&str; 3] = ["StepThroughItemsBlock", "FillTextTemplateBlock", "FindInDictionaryBlock"];
/// They say only that something is made: what is made tells more.
const MAKES: [&str; 12] =
    ["write", "make", "create", "generate", "draft", "prepare", "produce", "compose", "build", "do", "give", "get"];

impl Builder<'_, '_> {
    /// Tells what was to be made and is not, if nothing in the agent speaks of it.
    pub(in crate::plan) fn leave_idle(&mut self) {
        let mut idle: Vec<String> = Vec::new();
        for (index, own) in &self.built {
            let Some(act) = Act::of(self.reading, *index).filter(|act| act.clause.role == Role::Act) else { continue };
            let makes = self.known.composes(act.plain_lemma()) || self.is(&act, Class::Think);
            let makes =
                makes && !self.is(&act, Class::Tell) && !self.is(&act, Class::Fetch) && act.plain_lemma() != "take";
            let plumbing =
                |at: usize| self.draft.block(at).is_some_and(|block| PLUMBING.contains(&block.name.as_str()));
            if !own.clone().all(plumbing) || !makes || act.frame.negated || approval::is_sign_off(act.clause) {
                continue;
            }
            let named = act.frame.objects.iter().find(|phrase| !phrase.pronoun && !phrase.head.is_empty());
            let key = match MAKES.contains(&act.plain_lemma()) {
                true => named.map(|phrase| phrase.head.rsplit(' ').next().unwrap_or_default().to_owned()),
                false => Some(act.plain_lemma().to_owned()),
            };
            let Some(key) = key.filter(|key| key.len() > 2) else { continue };
            let stem: String = key.chars().take(STEM).collect();
            let spoken = self.draft.every_step().any(|step| speaks_of(step, &stem));
            let text = act.text();
            let told = self.left.iter().any(|left| text.contains(&left.text) || left.text.contains(text));
            if !spoken && !told {
                idle.push(text.to_owned());
            }
        }
        for text in idle {
            self.leave(
                &text,
                Reason::NotUnderstood,
                "no step does this; say it again in other words, or as a request of its own",
            );
        }
    }
}

fn speaks_of(step: &Step, stem: &str) -> bool {
    let value = |binding: &Binding| match binding {
        Binding::Value(value) => value.to_string().to_lowercase().contains(stem),
        Binding::From { .. } => false,
    };
    let named = |text: &str| text.to_lowercase().contains(stem);
    named(&step.says) || named(&step.title) || step.inputs.iter().any(|input| value(&input.binding))
}
