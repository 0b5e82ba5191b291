//! One walk over the tokens of a statement: which tables each SELECT reads, and where in
//! it the cursor is.
//!
//! Text that is being typed does not parse, so nothing here needs it to.

use datafusion::sql::sqlparser::tokenizer::Token;

use crate::engine::Lexeme;

/// The part of a statement a word stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// Before the first word that decides.
    Start,
    /// A word that takes the name of a table: DESCRIBE, DROP TABLE.
    Table,
    /// SET, SHOW, RESET.
    Setting,
    /// A name the user makes up, or anything else that can't be known.
    Free,
    Select,
    From,
    Expression,
    By,
    Limit,
}

/// A table of a FROM clause.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    /// The parts of its name; none for a subquery.
    pub(super) name: Vec<String>,
    /// The scope of the subquery it is.
    pub(super) query: Option<usize>,
    pub(super) alias: Option<String>,
}

/// An item of a SELECT list, as far as it names an output column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Output {
    Column(String),
    /// `*` or `t.*`.
    Star(Option<String>),
}

/// One SELECT.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) parent: Option<usize>,
    pub(super) sources: Vec<Source>,
    pub(super) outputs: Vec<Output>,
    is_begun: bool,
    /// What the item under construction would be called.
    pending: Option<Output>,
}

/// Everything the walk found.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    pub(super) all: Vec<Scope>,
    /// Names of WITH, with the scope of each.
    pub(super) ctes: Vec<(String, usize)>,
}

/// The place of the cursor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here {
    pub(super) scope: usize,
    pub(super) clause: Clause,
    /// A table is wanted next.
    pub(super) wants_table: bool,
}

/// What a FROM clause waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Table,
    Part,
    Named,
    Done,
}

/// What is between two parentheses.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the parentheses")]
struct Frame {
    scope: usize,
    clause: Clause,
    step: Step,
    /// Holds a SELECT of its own.
    is_query: bool,
    /// Nothing was read yet.
    is_fresh: bool,
    /// It stands where a table is wanted.
    is_source: bool,
    /// The name in `WITH name AS (`.
    cte: Option<String>,
    /// Between WITH and its SELECT.
    in_with: bool,
}

/// The walk.
pub(super) struct Walk {
    scopes: Scopes,
    frames: Vec<Frame>,
    before: Vec<Token>,
    /// The name after WITH or after a comma behind a CTE.
    cte: Option<String>,
}

impl Walk {
    pub(super) fn new() -> Self {
        let scopes = Scopes { all: vec![Scope::default()], ctes: Vec::new() };
        let frame = Frame {
            scope: 0,
            clause: Clause::Start,
            step: Step::Done,
            is_query: true,
            is_fresh: true,
            is_source: false,
            cte: None,
            in_with: false,
        };
        Self { scopes, frames: vec![frame], before: Vec::new(), cte: None }
    }

    pub(super) fn here(&self) -> Here {
        let frame = self.top();
        let wants_table = frame.clause == Clause::From || frame.is_source && !frame.is_query;
        let wants_table = wants_table && matches!(frame.step, Step::Table | Step::Part);
        Here { scope: frame.scope, clause: frame.clause, wants_table }
    }

    pub(super) fn finish(mut self) -> Scopes {
        for scope in &mut self.scopes.all {
            let pending = scope.pending.take();
            scope.outputs.extend(pending);
        }
        self.scopes
    }

    fn top(&self) -> &Frame {
        // The outermost frame is never closed.
        &self.frames[self.frames.len() - 1]
    }

    fn top_mut(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn scope(&mut self) -> &mut Scope {
        let scope = self.top().scope;
        &mut self.scopes.all[scope]
    }

    /// Reads one token that is neither space nor comment.
    pub(super) fn read(&mut self, lexeme: &Lexeme) {
        match &lexeme.token {
            Token::LParen => self.open(),
            Token::RParen => self.close(),
            Token::Comma => self.comma(),
            Token::Period => self.period(),
            Token::Mul => self.star(),
            Token::Word(word) => {
                let keyword = match word.quote_style {
                    None => word.value.to_ascii_uppercase(),
                    Some(_) => String::new(),
                };
                if !self.keyword(&keyword) {
                    self.name(lexeme.name().unwrap_or_default());
                }
                self.top_mut().is_fresh = false;
            }
            _ => self.other(),
        }
        self.before.push(lexeme.token.clone());
    }

    fn open(&mut self) {
        let is_cte = self.top().in_with && self.follows("AS");
        let cte = if is_cte { self.cte.take() } else { None };
        let top = self.top();
        let is_table = top.clause == Clause::From && top.step == Step::Table;
        let is_call = top.clause == Clause::From && matches!(top.step, Step::Named);
        let clause = match top.clause {
            _ if cte.is_some() || is_table => Clause::Start,
            // The arguments of a table function.
            Clause::From if is_call => Clause::Expression,
            // USING (a, b)
            Clause::From => Clause::Expression,
            Clause::Free | Clause::Table => Clause::Free,
            other => other,
        };
        let frame = Frame {
            clause,
            step: if is_table { Step::Table } else { Step::Done },
            is_query: false,
            is_fresh: true,
            is_source: is_table,
            cte,
            in_with: false,
            scope: top.scope,
        };
        if is_table {
            self.top_mut().step = Step::Named;
        }
        self.frames.push(frame);
    }

    fn close(&mut self) {
        if self.frames.len() == 1 {
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        if frame.is_query {
            let pending = self.scopes.all[frame.scope].pending.take();
            self.scopes.all[frame.scope].outputs.extend(pending);
        }
        if let Some(name) = frame.cte {
            self.scopes.ctes.push((name, frame.scope));
        } else if frame.is_source && frame.is_query {
            let source = Source { query: Some(frame.scope), ..Source::default() };
            self.scope().sources.push(source);
        } else {
            // `count(*)` has no name anybody could use; `* EXCLUDE (id)` is still a star.
            let pending = self.scope().pending.take();
            self.scope().pending = pending.filter(|p| matches!(p, Output::Star(_)));
        }
    }

    fn comma(&mut self) {
        match self.top().clause {
            Clause::From => self.top_mut().step = Step::Table,
            Clause::Select if self.top().is_query => {
                let pending = self.scope().pending.take();
                self.scope().outputs.extend(pending);
            }
            _ => {}
        }
    }

    fn period(&mut self) {
        if self.top().clause == Clause::From && self.top().step == Step::Named {
            self.top_mut().step = Step::Part;
        }
    }

    fn star(&mut self) {
        if self.top().clause == Clause::Select && self.top().is_query {
            let table = match self.scope().pending.take() {
                Some(Output::Column(table)) if self.before.last() == Some(&Token::Period) => {
                    Some(table)
                }
                _ => None,
            };
            self.scope().pending = Some(Output::Star(table));
        }
    }

    fn other(&mut self) {
        if self.top().clause == Clause::Select && self.top().is_query {
            self.scope().pending = None;
        }
    }

    /// Takes a word that changes the clause; tells whether it was one.
    fn keyword(&mut self, word: &str) -> bool {
        let is_first = self.top().is_fresh;
        let is_query = self.top().is_query;
        match word {
            "SELECT" => self.select(is_first),
            "WITH" if is_first || self.follows("AS") || self.top().clause == Clause::Start => {
                self.top_mut().in_with = true;
                self.top_mut().clause = Clause::Free;
            }
            "FROM" if is_query && !self.is_distinct_from() => self.from(),
            // A FROM-first query of a subquery.
            "FROM" if is_first && self.top().clause == Clause::Start => {
                self.select(true);
                self.from();
            }
            "JOIN" => self.from(),
            "LEFT" | "RIGHT" | "INNER" | "FULL" | "CROSS" | "NATURAL" | "OUTER" | "SEMI"
            | "ANTI" | "LATERAL"
                if self.top().clause == Clause::From => {}
            "USING" if self.top().clause == Clause::From => self.top_mut().step = Step::Done,
            "ON" | "WHERE" | "HAVING" | "QUALIFY" => self.enter(Clause::Expression),
            "GROUP" | "ORDER" | "PARTITION" | "SORT" if self.top().clause != Clause::From => {}
            "GROUP" | "ORDER" => self.top_mut().step = Step::Done,
            "BY" => self.enter(Clause::By),
            "LIMIT" | "OFFSET" | "FETCH" => self.enter(Clause::Limit),
            "UNION" | "EXCEPT" | "INTERSECT"
                if is_query && self.before.last() != Some(&Token::Mul) =>
            {
                self.enter(Clause::Start);
            }
            "AS" => return self.is_as(),
            _ if is_first && self.frames.len() == 1 => return self.statement(word),
            "TABLE" | "VIEW" if self.top().clause == Clause::Free && self.is_drop() => {
                self.enter(Clause::Table);
            }
            _ => return false,
        }
        true
    }

    /// The first word of a statement.
    fn statement(&mut self, word: &str) -> bool {
        match word {
            "SET" | "SHOW" | "RESET" => self.enter(Clause::Setting),
            "DESCRIBE" | "DESC" | "TABLE" | "COPY" => self.enter(Clause::Table),
            "CREATE" | "DROP" | "INSERT" | "UPDATE" | "DELETE" => {
                self.enter(Clause::Free);
            }
            _ => return false,
        }
        true
    }

    /// After `CREATE VIEW v AS` a statement begins; elsewhere a name of the user's follows.
    fn is_as(&mut self) -> bool {
        if self.frames.len() == 1 && self.top().clause == Clause::Free && !self.top().in_with {
            self.enter(Clause::Start);
        }
        true
    }

    fn select(&mut self, is_first: bool) {
        let (scope, is_query) = (self.top().scope, self.top().is_query);
        let is_new = !is_query || self.scopes.all[scope].is_begun;
        if is_new && (is_first || is_query) {
            let parent = if is_query { self.scopes.all[scope].parent } else { Some(scope) };
            self.scopes.all.push(Scope { parent, ..Scope::default() });
            let new = self.scopes.all.len() - 1;
            self.top_mut().scope = new;
            self.top_mut().is_query = true;
        }
        self.top_mut().in_with = false;
        self.scope().is_begun = true;
        self.enter(Clause::Select);
    }

    fn from(&mut self) {
        let pending = self.scope().pending.take();
        self.scope().outputs.extend(pending);
        self.top_mut().clause = Clause::From;
        self.top_mut().step = Step::Table;
    }

    fn enter(&mut self, clause: Clause) {
        let top = self.top_mut();
        (top.clause, top.step) = (clause, Step::Done);
    }

    /// A word that is no keyword, or is one used as a name.
    fn name(&mut self, name: String) {
        let (clause, step) = (self.top().clause, self.top().step);
        match (clause, step) {
            (Clause::Free, _) if self.top().in_with => self.cte = Some(name),
            (Clause::From, Step::Table) => {
                self.scope().sources.push(Source { name: vec![name], ..Source::default() });
                self.top_mut().step = Step::Named;
            }
            (Clause::From, Step::Part) => {
                if let Some(source) = self.scope().sources.last_mut() {
                    source.name.push(name);
                }
                self.top_mut().step = Step::Named;
            }
            (Clause::From, Step::Named) => {
                if let Some(source) = self.scope().sources.last_mut() {
                    source.alias = Some(name);
                }
                self.top_mut().step = Step::Done;
            }
            (Clause::Select, _) if self.top().is_query => {
                self.scope().pending = Some(Output::Column(name));
            }
            _ => {}
        }
    }

    fn follows(&self, word: &str) -> bool {
        self.before.last().is_some_and(|token| is_word(token, word))
    }

    fn is_drop(&self) -> bool {
        self.follows("DROP")
    }

    /// `a IS DISTINCT FROM b` has no FROM clause.
    fn is_distinct_from(&self) -> bool {
        let mut last = self.before.iter().rev();
        let is = |token: Option<&Token>, word| token.is_some_and(|t| is_word(t, word));
        is(last.next(), "DISTINCT")
            && last.next().is_some_and(|t| is_word(t, "IS") || is_word(t, "NOT"))
    }
}

fn is_word(token: &Token, expected: &str) -> bool {
    matches!(token, Token::Word(word)
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(expected))
}
