//! Where data comes from: the block that reads what a phrase names.

use super::{fetch::Source, service::is_link, topic::PUBLIC};
use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::act::{Act, is_web, names},
        steps::{build::Builder, cover},
    },
    reading::{Determiner, Kind, Phrase, Role, Span, TokenKind, Value},
};

/// What one looks for, whatever it is.
const TOPICS: [&str; 8] = ["keyword", "topic", "term", "phrase", "hashtag", "search term", "query", "subject"];

impl<'k, 'r> Builder<'k, 'r> {
    /// The block that reads what `phrase` names; `around` are services named elsewhere in the act.
    pub(in crate::plan) fn source_of(&self, act: &Act<'_>, phrase: &Phrase, around: &[&str]) -> Option<Source<'k>> {
        // "an article that I paste" is there.
        if phrase.services.is_empty() && phrase.values.is_empty() && self.handed(phrase) {
            return None;
        }
        // "my tweet draft": nobody has posted it.
        let draft = phrase.determiner == Determiner::Mine && phrase.head.rsplit(' ').next() == Some("draft");
        if draft && !phrase.services.iter().any(|service| service == "Gmail") {
            return None;
        }
        let nouns = names(phrase);
        // "Find influencers and list their emails": not those of the person.
        let theirs = phrase.determiner == Determiner::Theirs && phrase.services.is_empty() && self.draft.has_data();
        if theirs && nouns.iter().any(|noun| noun == "email") {
            return None;
        }
        if self.is_on_site(act) && !phrase.pronoun && phrase.services.is_empty() {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        let pings = matches!(act.plain_lemma(), "ping" | "call" | "hit" | "request") || self.asks_status(act);
        let address =
            |at: &usize| matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Url(_)));
        if pings
            && phrase.values.iter().any(address)
            && let Some(block) = self.known.catalogue.by_name("SendWebRequestBlock")
        {
            return Some(Source { block, named: true });
        }
        // "the price via the CoinGecko API": called by its address.
        let api = act.arguments(&["via", "from", "using", "through", "with", "over"]).any(|argument| {
            argument.phrase.head == "api" && argument.phrase.services.iter().all(|name| !self.known.has_service(name))
        });
        if api && phrase.values.is_empty() && phrase.services.is_empty() && self.is(act, Class::Fetch) {
            return self.known.catalogue.by_name("SendWebRequestBlock").map(|block| Source { block, named: true });
        }
        // "my WordPress blog example.com": the service knows its own site.
        let own = phrase
            .services
            .iter()
            .filter(|_| !phrase.values.is_empty() && phrase.values.iter().all(|at| self.is_whole_site(*at)));
        let own = own.filter(|service| self.known.channel(service).is_some());
        if let Some(block) = own.into_iter().find_map(|service| self.of_service(act, phrase, service)) {
            return Some(Source { block, named: true });
        }
        if let Some(block) = phrase.values.iter().find_map(|at| self.of_value(*at, &nouns)) {
            return Some(Source { block, named: true });
        }
        let mails =
            nouns.iter().any(|noun| self.known.source(noun).is_some_and(|block| block.name == "GmailReadBlock"));
        // What stands on a site is looked for there; a mail from it lies in the inbox.
        let around: &[&str] = if mails { &[] } else { around };
        if let Some(block) = self.holder_behind(act, phrase).filter(|block| around.is_empty() && !block.trigger) {
            return Some(Source { block, named: true });
        }
        // "Write a Google ad": made, not found.
        let makes = self.known.composes(act.plain_lemma())
            && matches!(phrase.determiner, Determiner::Some | Determiner::Count(_))
            && !self.is(act, Class::Fetch);
        // "the Hacker News feed": its entries, not what is found about it.
        let is_feed = |noun: &String| noun.rsplit(' ').next() == Some("feed");
        // "the top stories of TechCrunch's feed" as well.
        let of = act.arguments(&["from", "of", "in"]).filter(|of| !of.phrase.services.is_empty());
        let feed = nouns.iter().any(is_feed) || of.flat_map(|of| names(&of.phrase)).any(|noun| is_feed(&noun));
        if !makes
            && !feed
            && phrase
                .services
                .iter()
                .chain(around.iter().map(|service| (*service).to_owned()).collect::<Vec<_>>().iter())
                .any(|service| self.known.is_kind(service, Kind::Site))
        {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        // Forms call a webhook.
        if phrase.services.iter().any(|service| self.known.is_kind(service, Kind::Form)) {
            return self
                .known
                .catalogue
                .by_name("GenericWebhookTriggerBlock")
                .map(|block| Source { block, named: true });
        }
        if let Some(block) =
            self.search_named(act).filter(|_| phrase.services.is_empty() && self.refer(phrase).is_none())
        {
            return Some(Source { block, named: true });
        }
        // "Monitor a keyword": the web is watched for it.
        let topic =
            act.watches() && TOPICS.contains(&phrase.head.as_str()) && !phrase.plural && phrase.services.is_empty();
        if topic
            && phrase.values.is_empty()
            && act.frame.arguments.iter().all(|on| is_web(&on.phrase))
            && self.refer(phrase).is_none()
        {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        // "find each one's LinkedIn page": where it is, the web knows.
        let where_it_is = matches!(act.lemma().as_str(), "find" | "look up" | "search for" | "find out")
            && matches!(
                phrase.head.rsplit(' ').next(),
                Some("page" | "profile" | "url" | "link" | "account" | "handle" | "website")
            );
        // "find its website": of what is named before.
        let theirs = phrase.determiner == Determiner::Theirs || !phrase.services.is_empty() && phrase.head != "website";
        if where_it_is && theirs && phrase.values.is_empty() {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        // "find influencers on Instagram": nothing reads it, but what is public there is found.
        let sought = matches!(act.lemma().as_str(), "find" | "search" | "search for" | "look for" | "discover");
        let public = |service: &String| {
            let listed = PUBLIC.contains(&service.as_str());
            listed && self.of_service(act, phrase, service).is_none()
        };
        let on = around.iter().map(|service| (*service).to_owned()).collect::<Vec<_>>();
        if sought && phrase.services.iter().chain(&on).any(public) {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        let services = phrase.services.iter().map(String::as_str).chain(around.iter().copied());
        // "the commits of acme/shop"
        let catalogue = &self.known.catalogue;
        let code = catalogue.blocks_of("GitHub").iter().filter_map(|at| catalogue.blocks().get(*at));
        let code = code.into_iter().any(|block| nouns.iter().any(|noun| self.known.concerns(block, noun)));
        let repository = (act.repository && code).then_some("GitHub");
        let changed = self.is(act, Class::Change) && !self.is(act, Class::Fetch);
        let services =
            services.chain(repository.filter(|_| !changed && !nouns.is_empty() && self.refer(phrase).is_none()));
        if let Some(block) = services.into_iter().find_map(|service| self.of_service(act, phrase, service)) {
            return Some(Source { block, named: true });
        }
        // "the price of Bitcoin": nobody gives its page, the web has the price.
        let of = act.arguments(&["of"]).map(|argument| &argument.phrase);
        let mut of =
            of.filter(|of| of.span.start == phrase.span.end + 1 && of.services.is_empty() && of.values.is_empty());
        let named = |of: &Phrase| of.determiner == Determiner::None && !of.plural && !self.known.is_askable(&of.head);
        let quoted = matches!(
            phrase.head.as_str(),
            "price" | "rate" | "exchange rate" | "value" | "population" | "share price" | "stock price" | "market cap"
        );
        if quoted && phrase.services.is_empty() && phrase.values.is_empty() && !act.repository && of.any(named) {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        // "today's top story": nobody hands it over, the web has it.
        let now = |word: &String| {
            matches!(
                word.trim_end_matches("'s"),
                "today" | "latest" | "newest" | "current" | "recent" | "trending" | "breaking" | "hottest"
            )
        };
        let told = |noun: &String| matches!(noun.as_str(), "story" | "trend" | "topic" | "headline" | "news");
        if phrase.services.is_empty()
            && phrase.modifiers.iter().any(now)
            && nouns.iter().any(told)
            && self.refer(phrase).is_none()
        {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        // What a service cannot give is not looked for elsewhere.
        let known = |service: &str| self.known.catalogue.service(service).is_some();
        let event = act.clause.role == Role::Trigger && around.iter().any(|service| known(service));
        if event || phrase.services.iter().any(|service| known(service)) {
            return None;
        }
        // "pull out the name and the mail": parts of what is there.
        if self.known.usual_verb(&act.lemma()) == "extract" && self.draft.has_data() {
            return None;
        }
        // "save the titles and links", "the title, link and summary": of the entries that are there.
        let kept = self.is(act, Class::Store) || self.is(act, Class::Tell);
        let kept = kept && (phrase.plural || act.frame.objects.len() > 1);
        let number =
            |at: &usize| matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Number(_)));
        if kept && phrase.values.iter().all(number) && is_link(&phrase.head) && self.draft.has_data() {
            return None;
        }
        // "it reads shop, date and total": of the receipt that is there.
        let bare =
            |phrase: &Phrase| phrase.determiner == Determiner::None && !phrase.plural && phrase.services.is_empty();
        if matches!(act.plain_lemma(), "read" | "get" | "grab" | "take" | "note" | "see")
            && act.frame.objects.len() > 1
            && act.frame.objects.iter().all(bare)
            && self.draft.has_data()
        {
            return None;
        }
        // "the customer's email": where the customer is written to.
        if self.is_address(phrase) && self.draft.has_data() {
            return None;
        }
        // "a mail" is one to be sent.
        if nouns.iter().any(|noun| self.known.is_carrier(noun))
            && matches!(phrase.determiner, Determiner::Some)
            && act.clause.role == Role::Act
        {
            return None;
        }
        if pings
            && nouns.iter().any(|noun| {
                matches!(noun.as_str(), "url" | "endpoint" | "website" | "api" | "address" | "site" | "service")
            })
        {
            return self.known.catalogue.by_name("SendWebRequestBlock").map(|block| Source { block, named: false });
        }
        // "rows of a CSV file": what holds them tells more.
        let next =
            act.arguments(&["of", "in", "from"]).find(|argument| argument.phrase.span.start == phrase.span.end + 1);
        let holder = phrase.tail.as_ref().and_then(|tail| self.source_in(tail));
        // "our handbook, which is a Google Doc"
        let tail = phrase.tail.clone().and_then(|tail| self.reading.tokens.get(tail)).unwrap_or_default();
        let mut said = tail.iter().filter_map(crate::reading::Token::word);
        let is = said.next().zip(said.next());
        if let (Some(("which" | "that", "is" | "are")), Some(block)) = (is, holder) {
            return Some(Source { block, named: true });
        }
        let holder = holder.or_else(|| self.source_in(&next?.phrase.span));
        let holds = |block: &&Block| {
            let knows = self.known.of(block).map(|knows| &knows.nouns);
            let gives = &self.known.meaning(block).objects;
            nouns.iter().any(|noun| gives.contains(noun) || knows.is_some_and(|nouns| nouns.contains(noun)))
        };
        if let Some(block) = holder.filter(holds) {
            return Some(Source { block, named: false });
        }
        // "my article" is not on the web.
        let own = phrase.determiner == Determiner::Mine
            && nouns.iter().any(|noun| matches!(noun.as_str(), "article" | "paper"));
        if own {
            return None;
        }
        // "get the CEO's name and email", "pull the emails from this page": parts of what was found.
        if mails && self.is_part_of_found(act, phrase) {
            return None;
        }
        let single = !phrase.plural && phrase.determiner == Determiner::Some;
        let one = |noun: &String| self.known.source_of_one(noun).filter(|_| single);
        let usual = nouns.iter().find_map(|noun| {
            one(noun).or_else(|| self.known.source(noun)).or_else(|| self.reader_of(act, phrase, noun))
        });
        // Another platform's reader of the same thing.
        let usual = usual.or_else(|| {
            nouns.iter().flat_map(|noun| self.known.like(noun)).find_map(|noun| self.only_reader(act, phrase, noun))
        });
        // "the calendar database", where Notion is spoken of; "the open issues", where Linear is.
        let usual = usual.map(|block| self.of_spoken(act, phrase, block).unwrap_or(block));
        // "when a file is added to a folder": of no repository, unless one is spoken of.
        let usual = usual.filter(|block| !self.is_code_by_chance(block, phrase));
        if let Some(block) = self.of_background(act, phrase).filter(|_| usual.is_none()) {
            return Some(Source { block, named: true });
        }
        // What somebody owns is not looked for on the web.
        let web = |block: &&Block| block.name == "SearchTheWebBlock" && phrase.determiner == Determiner::Mine;
        // "vendor, date and total": a part of something.
        let listed = phrase.determiner == Determiner::None && act.frame.objects.len() > 1;
        let part = |block: &&Block| listed && block.name.starts_with("GetCurrent");
        // "the transcript of a meeting": of no video.
        let of = act.arguments(&["of", "from"]).map(|argument| &argument.phrase).collect::<Vec<_>>();
        let video = |word: &str| word.contains("video") || word.contains("youtube") || word.contains("channel");
        let spoken = phrase.head == "transcript"
            && !of.iter().any(|of| video(&of.head) || !of.values.is_empty() || !of.services.is_empty())
            && (!of.is_empty() || phrase.modifiers.iter().any(|word| !cover::is_empty(word) && !video(word)));
        let heard = |block: &&Block| spoken && block.name == "TranscribeYoutubeVideoBlock";
        // "Find podcasts about climate": no feed that somebody has.
        let sought = matches!(act.lemma().as_str(), "find" | "search" | "search for" | "look for" | "discover");
        let open = sought && !matches!(phrase.determiner, Determiner::The | Determiner::Mine);
        let named = nouns.iter().any(|noun| noun.contains("feed") || noun.contains("rss"));
        // "find the same product in 3 other shops": no shops on a map.
        let object = act.frame.objects.iter().any(|object| object.span == phrase.span);
        let elsewhere = !object && phrase.modifiers.iter().any(|word| word == "other");
        let web_search = |block: &'k Block| match block.name.as_str() {
            "GoogleMapsSearchBlock" if elsewhere => self.known.catalogue.by_name("SearchTheWebBlock"),
            "ReadRSSFeedBlock" if open && !named => self.known.catalogue.by_name("SearchTheWebBlock"),
            // "find three events there": in no calendar of the person.
            "GoogleCalendarReadEventsBlock" if open && !self.speaks_of_calendar() => {
                self.known.catalogue.by_name("SearchTheWebBlock")
            }
            _ => Some(block),
        };
        usual
            .and_then(web_search)
            .filter(|block| !web(block) && !part(block) && !heard(block) && !block.is_agent_input())
            .or_else(|| nouns.iter().find_map(|noun| self.known.trigger(noun)))
            .map(|block| Source { block, named: false })
    }

    pub(in crate::plan) fn of_value(&self, at: usize, nouns: &[String]) -> Option<&'k Block> {
        let TokenKind::Value(value) = &self.reading.tokens.get(at)?.kind else { return None };
        let by = |name: &str| self.known.catalogue.by_name(name);
        match value {
            Value::Url(url) => {
                let has = |words: &[&str]| words.iter().any(|word| url.contains(word));
                // A channel has a feed, and is no video.
                let channel = ["/@", "/channel/", "/c/", "/user/"];
                if has(&["youtube.com/"]) && has(&channel) {
                    return None;
                }
                let called = |words: &[&str]| nouns.iter().any(|noun| words.iter().any(|word| noun.contains(word)));
                if has(&["/rss", "rss.", "/feed", "feeds.", ".xml", ".atom", "atom.", "/atom"])
                    || called(&["feed", "rss"])
                {
                    by("ReadRSSFeedBlock")
                } else if has(&["youtube.com", "youtu.be"]) {
                    by("TranscribeYoutubeVideoBlock")
                } else if has(&["//api.", "/api/", ".json"]) || called(&["api", "endpoint", "status"]) {
                    by("SendWebRequestBlock")
                } else {
                    by("ExtractWebsiteContentBlock")
                }
            }
            Value::Subreddit(_) => by("GetRedditPostsBlock"),
            _ => None,
        }
    }

    /// Whether a phrase names something to be read, not a thing that is there already.
    pub(in crate::plan) fn fetchable(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        !phrase.pronoun && self.source_of(act, phrase, &[]).is_some()
    }

    /// What is read according to the words that narrow a phrase: "a mail that sums up the news".
    pub(in crate::plan) fn source_in(&self, span: &Span) -> Option<&'k Block> {
        self.reading.tokens.get(span.clone())?.iter().find_map(|token| match &token.kind {
            TokenKind::Word(word) => {
                let noun = word.strip_suffix('s').filter(|noun| noun.len() > 2 && !noun.ends_with('s')).unwrap_or(word);
                self.known.source(word).or_else(|| self.known.source(noun))
            }
            _ => None,
        })
    }
}
