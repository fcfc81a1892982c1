-- Views for people who query: names spelled out, groups, counts. Counts take moves that are completed or announced;
-- what is rumoured, failed or denied is shown in moves_flat and never counted.

-- Every organisation with the top of its group; an organisation without a parent is its own group.
create view firm_groups as
with recursive up (firm_id, group_id, depth) as (
    select id, id, 0 from firms
    union
    select up.firm_id, firms.parent_id, up.depth + 1
    from up join firms on firms.id = up.group_id
    where firms.parent_id is not null and up.depth < 20
)
select up.firm_id, up.group_id, firms.name as group_name
from up join firms on firms.id = up.group_id
where firms.parent_id is null or up.depth = 20;

create view articles_flat as
select
    id, name, source, title, outlet, byline, url, published_on, language, length(text) as n_characters,
    duplicate_of,
    (select count(distinct e.move_id) from move_evidence e where e.article_id = articles.id) as n_moves,
    text_sha256
from articles;

create view moves_flat as
select
    m.id,
    m.person_id,
    p.name as person,
    m.kind,
    m.status,
    m.manner,
    m.from_firm_id,
    ff.name as from_firm,
    m.from_role_id,
    fr.title as from_role,
    m.from_title,
    m.to_firm_id,
    tf.name as to_firm,
    m.to_role_id,
    tr.title as to_role,
    m.to_title,
    m.to_note,
    m.happened_on,
    m.happened_on_min,
    m.happened_on_max,
    m.announced_on,
    m.from_position_id,
    m.to_position_id,
    m.succeeds_move_id,
    m.n_articles,
    cast(round(m.confidence * 100) as integer) as confidence_percent,
    e.quote,
    a.outlet,
    a.published_on,
    a.source,
    a.url
from moves m
join people p on p.id = m.person_id
left join firms ff on ff.id = m.from_firm_id
left join firms tf on tf.id = m.to_firm_id
left join roles fr on fr.id = m.from_role_id
left join roles tr on tr.id = m.to_role_id
left join move_evidence e on e.move_id = m.id and e.ordinal = (
    select b.ordinal from move_evidence b
    where b.move_id = m.id and b.supports = 1
    order by b.slot = 'sentence' desc, b.slot = 'trigger' desc, b.confidence desc, b.ordinal
    limit 1
)
left join articles a on a.id = e.article_id;

create view positions_flat as
select
    x.id,
    x.person_id,
    p.name as person,
    x.firm_id,
    f.name as firm,
    x.role_id,
    r.title as role,
    x.title,
    x.unit,
    x.tense,
    x.said_on,
    x.started_on,
    x.started_on_min,
    x.started_on_max,
    x.ended_on,
    x.ended_on_min,
    x.ended_on_max,
    x.n_articles,
    cast(round(x.confidence * 100) as integer) as confidence_percent,
    e.quote,
    a.outlet,
    a.published_on,
    a.source,
    a.url
from positions x
join people p on p.id = x.person_id
left join firms f on f.id = x.firm_id
left join roles r on r.id = x.role_id
left join position_evidence e on e.position_id = x.id and e.ordinal = (
    select b.ordinal from position_evidence b
    where b.position_id = x.id and b.supports = 1
    order by b.slot = 'sentence' desc, b.slot = 'trigger' desc, b.confidence desc, b.ordinal
    limit 1
)
left join articles a on a.id = e.article_id;

create view people_flat as
select
    p.id,
    p.name,
    p.given_name,
    p.family_name,
    (select group_concat(name, '; ') from (
        select n.name from person_names n where n.person_id = p.id and n.name <> p.name order by n.name
    )) as other_names,
    (select count(*) from moves m where m.person_id = p.id) as n_moves,
    (select count(*) from positions x where x.person_id = p.id) as n_positions
from people p;

create view firms_flat as
select
    f.id,
    f.name,
    f.kind,
    f.legal_form,
    f.country,
    f.parent_id,
    parent.name as parent,
    (select group_concat(name, '; ') from (
        select distinct n.name from firm_names n where n.firm_id = f.id and n.name <> f.name order by n.name
    )) as other_names,
    (select count(*) from moves m where m.to_firm_id = f.id and m.status in ('completed', 'announced')
        and m.from_firm_id is not f.id) as n_in,
    (select count(*) from moves m where m.from_firm_id = f.id and m.status in ('completed', 'announced')
        and m.to_firm_id is not f.id) as n_out
from firms f
left join firms parent on parent.id = f.parent_id;

create view roles_flat as
select
    r.id,
    r.title,
    r.title_it,
    r.function,
    r.level,
    (select group_concat(name, '; ') from (
        select n.name from role_names n where n.role_id = r.id order by n.name
    )) as written_forms,
    (select count(*) from positions x where x.role_id = r.id) as n_positions
from roles r;

-- A row for every piece of text behind a move or position.
create view sources as
select
    'move' as entity,
    e.move_id as row_id,
    e.ordinal,
    m.person_id,
    p.name as person,
    e.slot,
    e.quote,
    e.value,
    e.supports,
    a.outlet,
    a.published_on,
    a.title as article_title,
    a.source,
    a.url,
    e.article_id,
    e.char_start,
    e.char_end,
    e.claim_id,
    e.rule,
    cast(round(e.confidence * 100) as integer) as confidence_percent
from move_evidence e
join moves m on m.id = e.move_id
join people p on p.id = m.person_id
join articles a on a.id = e.article_id
union all
select
    'position',
    e.position_id,
    e.ordinal,
    x.person_id,
    p.name,
    e.slot,
    e.quote,
    e.value,
    e.supports,
    a.outlet,
    a.published_on,
    a.title,
    a.source,
    a.url,
    e.article_id,
    e.char_start,
    e.char_end,
    e.claim_id,
    e.rule,
    cast(round(e.confidence * 100) as integer)
from position_evidence e
join positions x on x.id = e.position_id
join people p on p.id = x.person_id
join articles a on a.id = e.article_id;

create view conflicts as
select
    entity, row_id, ordinal, person_id, person, slot, quote, value, outlet, published_on, article_title, source, url,
    article_id, char_start, char_end, claim_id, rule, confidence_percent
from sources
where supports = 0;

create view firm_flows as
select
    m.from_firm_id,
    ff.name as from_firm,
    m.to_firm_id,
    tf.name as to_firm,
    substr(ifnull(m.happened_on, m.announced_on), 1, 4) as year,
    count(*) as n_moves
from moves m
join firms ff on ff.id = m.from_firm_id
join firms tf on tf.id = m.to_firm_id
where m.status in ('completed', 'announced') and m.from_firm_id <> m.to_firm_id
group by m.from_firm_id, m.to_firm_id, substr(ifnull(m.happened_on, m.announced_on), 1, 4);

create view firm_flows_group as
select
    fg.group_id as from_group_id,
    fg.group_name as from_group,
    tg.group_id as to_group_id,
    tg.group_name as to_group,
    substr(ifnull(m.happened_on, m.announced_on), 1, 4) as year,
    count(*) as n_moves
from moves m
join firm_groups fg on fg.firm_id = m.from_firm_id
join firm_groups tg on tg.firm_id = m.to_firm_id
where m.status in ('completed', 'announced') and fg.group_id <> tg.group_id
group by fg.group_id, tg.group_id, substr(ifnull(m.happened_on, m.announced_on), 1, 4);

create view firm_balance as
with tides (firm_id, came, went) as (
    select to_firm_id, 1, 0 from moves
    where status in ('completed', 'announced') and to_firm_id is not null and from_firm_id is not to_firm_id
    union all
    select from_firm_id, 0, 1 from moves
    where status in ('completed', 'announced') and from_firm_id is not null and from_firm_id is not to_firm_id
)
select f.id as firm_id, f.name as firm, sum(came) as n_in, sum(went) as n_out, sum(came) - sum(went) as net
from tides join firms f on f.id = tides.firm_id
group by f.id;

create view firm_balance_group as
with tides (group_id, group_name, came, went) as (
    select tg.group_id, tg.group_name, 1, 0
    from moves m
    join firm_groups tg on tg.firm_id = m.to_firm_id
    left join firm_groups fg on fg.firm_id = m.from_firm_id
    where m.status in ('completed', 'announced') and fg.group_id is not tg.group_id
    union all
    select fg.group_id, fg.group_name, 0, 1
    from moves m
    join firm_groups fg on fg.firm_id = m.from_firm_id
    left join firm_groups tg on tg.firm_id = m.to_firm_id
    where m.status in ('completed', 'announced') and tg.group_id is not fg.group_id
)
select group_id, group_name, sum(came) as n_in, sum(went) as n_out, sum(came) - sum(went) as net
from tides
group by group_id, group_name;

-- What a person held and how they moved, to be read in the order of `day`.
create view careers as
select
    m.person_id,
    p.name as person,
    ifnull(m.happened_on_min, m.announced_on_min) as day,
    'move' as entity,
    m.id as row_id,
    m.kind as what,
    m.status,
    ff.name as from_firm,
    ifnull(m.from_title, fr.title) as from_role,
    ifnull(tf.name, m.to_note) as firm,
    ifnull(m.to_title, tr.title) as role,
    m.happened_on as started_on,
    null as ended_on
from moves m
join people p on p.id = m.person_id
left join firms ff on ff.id = m.from_firm_id
left join firms tf on tf.id = m.to_firm_id
left join roles fr on fr.id = m.from_role_id
left join roles tr on tr.id = m.to_role_id
union all
select
    x.person_id,
    p.name,
    ifnull(x.started_on_min, x.said_on_min),
    'position',
    x.id,
    x.tense,
    null,
    null,
    null,
    f.name,
    ifnull(x.title, r.title),
    x.started_on,
    x.ended_on
from positions x
join people p on p.id = x.person_id
left join firms f on f.id = x.firm_id
left join roles r on r.id = x.role_id;

create view moves_by_month as
select
    case when length(rtrim(happened_on, '~')) >= 7 then substr(happened_on, 1, 7)
         when happened_on is null then substr(announced_on, 1, 7) end as month,
    kind,
    status,
    count(*) as n_moves
from moves
group by 1, 2, 3;
