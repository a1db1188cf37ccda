//! Words that made a planner or patcher work hard.

/// Repeated to the longest goal, and to the most clauses; the costliest of either first.
pub(super) const GOALS: [&str; 16] = [
    "a list of x, y and z ",
    "if the price is above 10 send an e-mail otherwise ",
    "the result of ",
    "send an e-mail to a@b.example and ",
    "a\n",
    "1. a\n",
    "\"",
    "and ",
    "if x then ",
    "if the total is greater than 5 ",
    "for each item of the list summarise it and ",
    "every day at 8am ",
    "search the web for x and ",
    "https://example.com/a?b=c ",
    "2 * 3 ",
    "🙂\u{301}",
];

/// Repeated to the longest wish; the costliest first.
pub(super) const WISHES: [&str; 17] = [
    "remove the e-mail step. ",
    "add a step that sends an e-mail. ",
    "and ",
    "then ",
    "and, also ",
    "remove the last step. ",
    "use x. ",
    "set the subject to x. ",
    "set ",
    "rename it to x. ",
    "summarise it. ",
    "replace Slack with Discord. ",
    "move the e-mail step before the AI step. ",
    "put a delay before the e-mail step. ",
    "show the summary as an output. ",
    "a\n",
    "\" ",
];
