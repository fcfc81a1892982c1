-- The dataset of who moved where, in three layers: what was found in articles, what the user decided, what follows.
-- Pragmas (foreign_keys, journal_mode) do not belong here: they are set when the file is opened.
-- Positions in texts are half-open ranges of code points: substr(text, char_start + 1, char_end - char_start) = quote.
-- Dates are EDTF text, as exact as known (2024, 2024-09, 2024-09-10, 2024~); _min and _max are the days they can mean.

-- Layer 1: found. Keyed by content.

create table runs (
    id integer primary key,
    command text not null check (command in ('build', 'load')),
    program text not null,
    extraction text not null,
    n_read integer not null,
    n_new integer not null,
    n_skipped integer not null,
    n_removed integer not null
) strict;

create table articles (
    seq integer primary key,                   -- row number that full-text search needs; says nothing
    id text not null unique check (id glob 'a[0-9a-f]*'),
    name text not null,
    source text not null,
    title text,
    outlet text,
    byline text,
    url text,
    published_on text,
    published_on_min text,
    published_on_max text,
    language text not null check (language in ('it', 'en')),
    text text not null,
    text_sha256 text not null unique check (length(text_sha256) = 64),
    extraction text,
    duplicate_of text references articles (id) on delete set null,
    check ((published_on is null) = (published_on_min is null)),
    check ((published_on is null) = (published_on_max is null))
) strict;

-- Deleting an article must find its copies without a scan.
create index articles_duplicate_of on articles (duplicate_of);

-- Every run asks which articles are still to be read.
create index articles_extraction on articles (extraction);

-- The same text found in several places is one article; its row shows the first place in the order of `source`.
create table article_sources (
    article_id text not null references articles (id) on delete cascade,
    source text not null,
    name text not null,
    title text,
    outlet text,
    byline text,
    url text,
    published_on text,
    language text not null check (language in ('it', 'en')),
    primary key (article_id, source)
) strict, without rowid;

create table claims (
    id text primary key not null check (length(id) = 24),
    article_id text not null references articles (id) on delete cascade,
    extraction text,                           -- null: superseded; removed when the dataset no longer points at it
    ordinal integer not null,
    type text not null check (type in ('move', 'position')),
    person text not null,
    kind text check (kind in ('departure', 'hire', 'role_change', 'founding', 'return')),
    status text check (status in ('completed', 'announced', 'rumoured', 'failed', 'denied')),
    manner text check (manner in ('resigned', 'dismissed', 'retired', 'died', 'term_ended', 'poached', 'acquired')),
    from_firm text,
    from_role text,
    to_firm text,
    to_role text,
    to_note text,
    date text,
    firm text,
    role text,
    tense text check (tense in ('current', 'former', 'future')),
    started_on text,
    ended_on text,
    rule text not null,
    confidence real not null check (confidence between 0 and 1),
    check ((type = 'move') = (kind is not null)),
    check ((type = 'move') = (status is not null)),
    check ((type = 'position') = (tense is not null))
) strict, without rowid;

create index claims_article_id on claims (article_id);

-- Superseded claims are few: they are found without a scan of all.
create index claims_superseded on claims (id) where extraction is null;

create table evidence (
    claim_id text not null references claims (id) on delete cascade,
    ordinal integer not null,
    slot text not null check (slot in ('person', 'from_firm', 'from_role', 'to_firm', 'to_role', 'to_note', 'date',
                                       'firm', 'role', 'trigger', 'sentence')),
    char_start integer not null check (char_start >= 0),
    char_end integer not null check (char_end >= char_start),
    quote text not null,
    primary key (claim_id, ordinal)
) strict, without rowid;

create table mentions (
    article_id text not null references articles (id) on delete cascade,
    ordinal integer not null,
    type text not null check (type in ('person', 'firm')),
    entity text not null,
    char_start integer not null check (char_start >= 0),
    char_end integer not null check (char_end >= char_start),
    primary key (article_id, ordinal)
) strict, without rowid;

create table extraction_notes (
    article_id text not null references articles (id) on delete cascade,
    ordinal integer not null,
    note text not null,
    primary key (article_id, ordinal)
) strict, without rowid;

create table ingest_errors (
    source text primary key not null,
    reason text not null,
    hint text not null
) strict, without rowid;

-- Layer 2: decided. Points at claims and at names in articles, which have the same keys in every rebuild; no foreign
-- keys, so that a decision outlives a claim that a later extraction words differently.

create table decisions (
    id integer primary key,
    action text not null check (action in ('same', 'different', 'accept', 'reject', 'edit')),
    claim_id text,
    slot text,
    value text,
    name_type text check (name_type in ('person', 'firm')),
    article_sha256 text,
    name text,
    other_article_sha256 text,
    other_name text,
    note text,
    undone integer not null default 0 check (undone in (0, 1)),
    check ((action in ('accept', 'reject', 'edit')) = (claim_id is not null)),
    check ((action = 'edit') = (slot is not null)),
    check ((action in ('same', 'different')) = (name_type is not null and article_sha256 is not null
        and name is not null and other_article_sha256 is not null and other_name is not null))
) strict;

-- Layer 3: the dataset. Rebuilt from the first two in one transaction.

create table people (
    id text primary key not null check (id <> '' and id not glob '[0-9]*'),
    name text not null check (name <> ''),
    given_name text,
    family_name text
) strict, without rowid;

create table person_names (
    person_id text not null references people (id),
    name text not null check (name <> ''),
    n_articles integer not null check (n_articles >= 0),
    primary key (person_id, name)
) strict, without rowid;

create table firms (
    id text primary key not null check (id <> '' and id not glob '[0-9]*'),
    name text not null check (name <> ''),
    kind text,
    legal_form text,
    country text check (country glob '[A-Z][A-Z]'),
    parent_id text references firms (id) deferrable initially deferred,
    check (parent_id is null or parent_id <> id)
) strict, without rowid;

create index firms_parent_id on firms (parent_id);

create table firm_names (
    firm_id text not null references firms (id),
    name text not null check (name <> ''),
    from_year integer,
    to_year integer,
    n_articles integer not null check (n_articles >= 0)
) strict;

-- NULL years would make every row of a plain UNIQUE differ. Serves the foreign key too.
create unique index firm_names_once on firm_names (firm_id, name, ifnull(from_year, 0), ifnull(to_year, 0));

create table roles (
    id text primary key not null check (id <> '' and id not glob '[0-9]*'),
    title text not null check (title <> ''),
    title_it text,
    function text,
    level text
) strict, without rowid;

create table role_names (
    role_id text not null references roles (id),
    name text not null check (name <> ''),
    n_articles integer not null check (n_articles >= 0),
    primary key (role_id, name)
) strict, without rowid;

create table positions (
    id text primary key not null check (id <> '' and id not glob '[0-9]*'),
    person_id text not null references people (id),
    firm_id text references firms (id),
    role_id text references roles (id),
    title text,
    unit text,
    tense text not null check (tense in ('current', 'former', 'future')),
    said_on text,
    said_on_min text,
    said_on_max text,
    started_on text,
    started_on_min text,
    started_on_max text,
    ended_on text,
    ended_on_min text,
    ended_on_max text,
    n_articles integer not null check (n_articles >= 0),
    confidence real not null check (confidence between 0 and 1),
    unique (id, person_id),
    check ((said_on is null) = (said_on_min is null) and (said_on is null) = (said_on_max is null)),
    check ((started_on is null) = (started_on_min is null) and (started_on is null) = (started_on_max is null)),
    check ((ended_on is null) = (ended_on_min is null) and (ended_on is null) = (ended_on_max is null))
) strict, without rowid;

-- One holding is one row, also where firm, role or days are unknown. Serves the foreign key to people too.
create unique index positions_once on positions (
    person_id, ifnull(firm_id, ''), ifnull(role_id, ''), ifnull(title, ''), ifnull(unit, ''), tense,
    ifnull(started_on, ''), ifnull(ended_on, '')
);
create index positions_person_id on positions (person_id);
create index positions_firm_id on positions (firm_id);
create index positions_role_id on positions (role_id);

create table moves (
    id text primary key not null check (id <> '' and id not glob '[0-9]*'),
    person_id text not null references people (id),
    kind text not null check (kind in ('departure', 'hire', 'role_change', 'founding', 'return')),
    status text not null check (status in ('completed', 'announced', 'rumoured', 'failed', 'denied')),
    manner text check (manner in ('resigned', 'dismissed', 'retired', 'died', 'term_ended', 'poached', 'acquired')),
    from_firm_id text references firms (id),
    from_role_id text references roles (id),
    from_position_id text,
    to_firm_id text references firms (id),
    to_role_id text references roles (id),
    to_position_id text,
    from_title text,
    to_title text,
    to_note text,
    happened_on text,
    happened_on_min text,
    happened_on_max text,
    announced_on text,
    announced_on_min text,
    announced_on_max text,
    succeeds_move_id text references moves (id) deferrable initially deferred,
    n_articles integer not null check (n_articles >= 0),
    confidence real not null check (confidence between 0 and 1),
    -- A move cannot mix two people: its positions are those of its own person.
    foreign key (from_position_id, person_id) references positions (id, person_id),
    foreign key (to_position_id, person_id) references positions (id, person_id),
    check ((happened_on is null) = (happened_on_min is null) and (happened_on is null) = (happened_on_max is null)),
    check ((announced_on is null) = (announced_on_min is null) and (announced_on is null) = (announced_on_max is null))
) strict, without rowid;

-- One event is one row, also where firms, roles or days are unknown.
create unique index moves_once on moves (
    person_id, kind, status, ifnull(manner, ''), ifnull(from_firm_id, ''), ifnull(from_role_id, ''),
    ifnull(from_title, ''), ifnull(to_firm_id, ''), ifnull(to_role_id, ''), ifnull(to_title, ''), ifnull(to_note, ''),
    ifnull(happened_on, ''), ifnull(announced_on, '')
);
create index moves_person_id on moves (person_id);
create index moves_from_firm_id on moves (from_firm_id);
create index moves_from_role_id on moves (from_role_id);
create index moves_to_firm_id on moves (to_firm_id);
create index moves_to_role_id on moves (to_role_id);
create index moves_from_position_id on moves (from_position_id, person_id);
create index moves_to_position_id on moves (to_position_id, person_id);
create index moves_succeeds_move_id on moves (succeeds_move_id);

create table move_evidence (
    move_id text not null references moves (id),
    ordinal integer not null,
    claim_id text not null references claims (id),
    article_id text not null references articles (id),
    slot text not null check (slot in ('person', 'from_firm', 'from_role', 'to_firm', 'to_role', 'to_note', 'date',
                                       'firm', 'role', 'trigger', 'sentence')),
    char_start integer not null check (char_start >= 0),
    char_end integer not null check (char_end >= char_start),
    quote text not null,
    value text,
    rule text not null,
    confidence real not null check (confidence between 0 and 1),
    supports integer not null check (supports in (0, 1)),
    primary key (move_id, ordinal)
) strict, without rowid;

create index move_evidence_claim_id on move_evidence (claim_id);
create index move_evidence_article_id on move_evidence (article_id);

create table position_evidence (
    position_id text not null references positions (id),
    ordinal integer not null,
    claim_id text not null references claims (id),
    article_id text not null references articles (id),
    slot text not null check (slot in ('person', 'from_firm', 'from_role', 'to_firm', 'to_role', 'to_note', 'date',
                                       'firm', 'role', 'trigger', 'sentence')),
    char_start integer not null check (char_start >= 0),
    char_end integer not null check (char_end >= char_start),
    quote text not null,
    value text,
    rule text not null,
    confidence real not null check (confidence between 0 and 1),
    supports integer not null check (supports in (0, 1)),
    primary key (position_id, ordinal)
) strict, without rowid;

create index position_evidence_claim_id on position_evidence (claim_id);
create index position_evidence_article_id on position_evidence (article_id);

create table move_history (
    move_id text not null references moves (id),
    ordinal integer not null,
    said_on text,
    status text not null check (status in ('completed', 'announced', 'rumoured', 'failed', 'denied')),
    article_id text not null references articles (id),
    primary key (move_id, ordinal)
) strict, without rowid;

create index move_history_article_id on move_history (article_id);

-- Who or what each name is in each article. A name that two people of one article bear stands twice.
create table article_names (
    article_id text not null references articles (id),
    type text not null check (type in ('person', 'firm')),
    name text not null,
    person_id text references people (id),
    firm_id text references firms (id),
    check ((type = 'person') = (person_id is not null)),
    check ((type = 'firm') = (firm_id is not null))
) strict;

-- Serves the foreign key to articles too.
create unique index article_names_once on article_names (
    article_id, type, name, ifnull(person_id, ''), ifnull(firm_id, '')
);
create index article_names_person_id on article_names (person_id);
create index article_names_firm_id on article_names (firm_id);

create table resolution_notes (
    ordinal integer primary key,
    note text not null
) strict;

-- History rather than dataset: which ids earlier rebuilds used, so that saved spreadsheets still join.
create table redirects (
    entity text not null check (entity in ('person', 'firm', 'role', 'position', 'move')),
    old_id text not null,
    new_id text,                               -- null where nothing took its place
    primary key (entity, old_id)
) strict, without rowid;

create table codebook (
    table_name text not null,
    column_name text not null,                 -- '' describes the table itself
    description text not null,
    description_it text not null,
    primary key (table_name, column_name)
) strict, without rowid;

-- Small facts about the file itself ("dataset": hash of what the dataset layer was made from).
create table state (
    key text primary key not null,
    value text not null
) strict, without rowid;

-- Full-text search. The words of articles stay in `articles` alone; triggers keep the index true.
create virtual table articles_fts using fts5 (
    title, text, content = 'articles', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2'
);

create trigger articles_fts_insert after insert on articles begin
    insert into articles_fts (rowid, title, text) values (new.seq, new.title, new.text);
end;

create trigger articles_fts_delete after delete on articles begin
    insert into articles_fts (articles_fts, rowid, title, text) values ('delete', old.seq, old.title, old.text);
end;

create trigger articles_fts_update after update of title, text on articles begin
    insert into articles_fts (articles_fts, rowid, title, text) values ('delete', old.seq, old.title, old.text);
    insert into articles_fts (rowid, title, text) values (new.seq, new.title, new.text);
end;

create virtual table names_fts using fts5 (
    name, entity unindexed, id unindexed, tokenize = 'unicode61 remove_diacritics 2'
);
