//! The operation that an act names by its service, its verb and its object: nothing else can be meant.

use crate::{
    catalogue::{Action, Block},
    knowledge::Class,
    plan::{
        clauses::act::{Act, names},
        steps::{build::Builder, choose::is_figure},
    },
};

impl<'k> Builder<'k, '_> {
    /// "Archive a project in Todoist", "list my stargazers from GitHub". Messages and posts are not operations: what goes
    /// into them has to be found first.
    pub(in crate::plan) fn named_operation(&self, act: &Act<'_>) -> Option<&'k Block> {
        let (lemma, plain) = (act.lemma(), act.plain_lemma());
        let many = act.frame.objects.iter().any(|phrase| phrase.plural);
        let nouns: Vec<String> = act.frame.objects.iter().filter(|phrase| !phrase.pronoun).flat_map(names).collect();
        // "Categorise my mails": into what is not said, so they are thought about.
        let how = act.arguments(&["as", "by", "under", "with", "into", "to"]).next().is_some();
        let judged = self.is(act, Class::Think) && !how && act.values().next().is_none();
        let catalogue = &self.known.catalogue;
        let blocks = act.services().into_iter().flat_map(|service| catalogue.blocks_of(service));
        let fits = blocks.filter_map(|at| {
            let (block, meaning) = (catalogue.blocks().get(*at)?, catalogue.meaning(*at));
            // "Add the HubSpot contacts to a sheet": nothing is added to HubSpot.
            let mut into = act.arguments(&["to", "into", "onto"]).flat_map(|argument| &argument.phrase.services);
            let first = into.next();
            if first.is_some()
                && first != meaning.service.as_ref()
                && into.all(|name| Some(name) != meaning.service.as_ref())
            {
                return None;
            }
            if block.trigger || matches!(meaning.action, Action::Send | Action::Publish | Action::Reply | Action::Ask) {
                return None;
            }
            // "Read the rows": of a service that reads all it holds at once.
            let container = meaning.service.as_deref().and_then(|service| self.known.container(service));
            let lists = || {
                let service = meaning.service.as_deref().unwrap_or_default();
                let others = catalogue.blocks_of(service).iter().map(|at| catalogue.meaning(*at));
                let all = |action| matches!(action, Action::List | Action::Search);
                others
                    .into_iter()
                    .any(|other| all(other.action) && nouns.iter().any(|noun| other.objects.contains(noun)))
            };
            if many && matches!(meaning.action, Action::Get | Action::Read) && (container.is_some() || lists()) {
                return None;
            }
            // "Write a mail from Gmail" writes no draft.
            let draft = |text: &str| text.contains("draft");
            if meaning.objects.first().is_some_and(|object| draft(object))
                && !(draft(&lemma) || nouns.iter().any(|noun| draft(noun)))
            {
                return None;
            }
            let sorts = matches!(meaning.action, Action::Label | Action::Update);
            if is_figure(meaning, plain, &nouns) || judged && sorts {
                return None;
            }
            let verb = meaning.verbs.iter().position(|verb| *verb == lemma || verb == plain)?;
            let object = |noun: &String| meaning.objects.iter().position(|object| object == noun);
            let (noun, object) = nouns.iter().enumerate().find_map(|(at, noun)| Some((at, object(noun)?)))?;
            let number = match meaning.action {
                Action::Get | Action::Read => many,
                Action::List | Action::Search => !many,
                _ => false,
            };
            Some(((noun, number, object, verb, block.name.len()), block))
        });
        fits.min_by_key(|(fit, _)| *fit).map(|(_, block)| block)
    }
}
