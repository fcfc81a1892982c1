-- A hash of each row of the dataset with all that hangs on it, so that a rebuild writes only what changed. A migration
-- that changes tables of the dataset empties this one: the next build then writes everything anew.
create table dataset_marks (
    entity text not null check (entity in ('person', 'firm', 'role', 'position', 'move', 'article', 'whole')),
    id text not null,
    mark blob not null,
    primary key (entity, id)
) strict, without rowid;

delete from state where key = 'dataset';
