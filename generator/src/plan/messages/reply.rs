//! Answers mails, each in its own thread.

use crate::{
    catalogue::Block,
    plan::{
        clauses::act::{Act, names},
        steps::{build::Builder, lost},
    },
    reading::{Phrase, Token, Value},
};

/// Pages that an answer is made from.
const MOST_SOURCES: usize = 5;

impl<'k, 'r> Builder<'k, 'r> {
    /// "Reply to my unread mails", "answer it": to the mails that are named, or that were read.
    pub(in crate::plan) fn replies(&mut self, act: &Act<'r>) -> bool {
        let answers = matches!(act.plain_lemma(), "reply" | "respond" | "answer");
        let elsewhere = act.services().into_iter().any(|service| service != "Gmail");
        let Some(block) = self.known.catalogue.by_name("GmailReplyBlock").filter(|_| answers && !elsewhere) else {
            return false;
        };
        let mail = |block: &Block| block.name == "GmailReadBlock";
        let to = act.arguments(&["to"]).map(|argument| &argument.phrase);
        let named = act.frame.objects.iter().chain(to).find_map(|phrase: &'r Phrase| {
            let reader = names(phrase).iter().find_map(|noun| self.known.source(noun));
            let told = || phrase.tail.as_ref().and_then(|tail| self.source_in(tail));
            let own = || self.source_of(act, phrase, &[]).filter(|_| !phrase.services.is_empty()).map(|own| own.block);
            Some((phrase, reader.or_else(told).or_else(own).filter(|block| mail(block))?))
        });
        let there = self.mail_there().is_some();
        // Whoever wants it done without a hand says so.
        let alone = act
            .clause
            .span
            .clone()
            .any(|at| self.reading.tokens.get(at).and_then(Token::word) == Some("automatically"));
        self.polls |= alone && self.reading.schedule.is_none() && !self.triggered();
        match named {
            Some((phrase, reader)) if !there => {
                self.read_with(reader, act, phrase);
            }
            _ if !there => return false,
            _ => {}
        }
        let mail = self.mail_there().map(|mail| self.single(mail)).map(|mail| self.only_fitting(mail));
        let written = self
            .draft
            .data
            .iter()
            .rposition(|datum| datum.made && !datum.used && !datum.receipt && self.is_there(datum));
        let quoted = self.said(act).is_some_and(|(at, _)| !self.cover.has(at));
        let content = match written {
            _ if quoted => None,
            Some(written) => Some(written),
            None => {
                // "Look up the order and reply with its status"
                let found = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| !datum.made && !datum.used);
                let found: Vec<usize> = self.pending().into_iter().filter(|at| Some(*at) > mail && found(at)).collect();
                // "answer them using our FAQ at https://…": it is read first.
                let urls = act.values().filter(|(_, value)| matches!(value, Value::Url(_))).map(|(at, _)| at);
                let urls = urls.take(MOST_SOURCES);
                let read: Vec<usize> =
                    urls.collect::<Vec<_>>().into_iter().filter_map(|at| self.read_address(act, at)).collect();
                let works = self.reference_works(act);
                let data: Vec<usize> = mail.into_iter().chain(found).chain(read).chain(works).collect();
                let words = in_words(act, "Write the reply to this mail", "Write the reply to this mail");
                let manners = self.manners(act);
                let step = self.ask_model(act, &words, &manners, &data, None);
                self.made(step, vec!["reply".to_owned()], None, &data);
                Some(self.draft.data.len() - 1)
            }
        };
        self.operate_on(act, block, (content, mail), true);
        self.cover.add(&act.clause.span);
        true
    }

    /// "Reply to new GitHub issues", "answer it": as a comment on the issue or pull request that is named, or that came in.
    pub(in crate::plan) fn answers_issue(&mut self, act: &Act<'r>) -> bool {
        let comments = act.plain_lemma() == "comment" && !act.phrases().any(|phrase| phrase.head.is_empty());
        let answers = matches!(act.plain_lemma(), "reply" | "respond" | "answer") || comments;
        let Some(block) = self.known.catalogue.by_name("GithubCommentBlock").filter(|_| answers) else { return false };
        let is_issue = |noun: &String| matches!(noun.as_str(), "issue" | "pull request");
        let issue = |phrase: &Phrase| names(phrase).iter().any(is_issue);
        let to = act.arguments(&["to", "on"]).map(|argument| &argument.phrase);
        let addressed: Vec<&Phrase> = act.frame.objects.iter().chain(to).collect();
        let named = addressed.iter().find(|phrase| issue(phrase));
        let other = addressed.iter().any(|phrase| !phrase.pronoun && !issue(phrase) && !self.is_repository(phrase));
        let came = |builder: &Self| {
            let own = |noun: &String| noun.split(' ').any(|word| word == "issue") || noun.ends_with("pull request");
            builder.draft.data.iter().rposition(|datum| {
                let on_github = datum.service.as_deref() == Some("GitHub") && datum.nouns.iter().any(own);
                !datum.made && !datum.receipt && on_github && builder.is_there(datum)
            })
        };
        // "Answer the questions in it": another thing than the issue.
        if other && (named.is_none() || !comments) || named.is_none() && came(self).is_none() {
            return false;
        }
        let read = match (named, came(self)) {
            (Some(_), None) => self.thought_about(act),
            _ => Vec::new(),
        };
        let Some(issue) = came(self).map(|issue| self.single(issue)).map(|issue| self.only_fitting(issue)) else {
            return false;
        };
        let written = self
            .draft
            .data
            .iter()
            .rposition(|datum| datum.made && !datum.used && !datum.receipt && self.is_there(datum));
        let content = written.unwrap_or_else(|| {
            // "Look it up and reply": with what was found.
            let found = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| !datum.made && !datum.used);
            let found: Vec<usize> = self.pending().into_iter().filter(|at| *at > issue && found(at)).collect();
            let whole = self.in_full(issue);
            let mut data: Vec<usize> = if read.is_empty() { [whole].into_iter().chain(found).collect() } else { read };
            data.extend(self.reference_works(act));
            let words = in_words(act, "Write a comment that answers it", "Write the comment for this");
            let manners = self.manners(act);
            let step = self.ask_model(act, &words, &manners, &data, None);
            self.made(step, vec!["comment".to_owned()], None, &data);
            self.draft.data.len() - 1
        });
        self.operate_on(act, block, (Some(content), Some(issue)), true);
        self.cover.add(&act.clause.span);
        true
    }

    fn mail_there(&self) -> Option<usize> {
        self.draft.data.iter().rposition(|datum| {
            !datum.made && !datum.receipt && datum.service.as_deref() == Some("Gmail") && self.is_there(datum)
        })
    }
}

/// What a model is told to write: `plain`, or what else is said of it behind `lead`.
fn in_words(act: &Act<'_>, plain: &str, lead: &str) -> String {
    let to = act.arguments(&["to", "on"]).map(|argument| &argument.phrase);
    let whom: Vec<&Phrase> = act.frame.objects.iter().chain(&act.frame.recipients).chain(to).collect();
    let verb = act.frame.verb.as_ref();
    let more = act.clause.span.clone().any(|at| {
        let said =
            verb.is_some_and(|verb| verb.span.contains(&at)) || whom.iter().any(|phrase| phrase.span.contains(&at));
        !said && lost::tells(act.reading, at)
    });
    if more { format!("{lead}: {}", act.instruction()) } else { plain.to_owned() }
}
