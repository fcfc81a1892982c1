-- What resolution reads of an article, packed into bytes when its claims are stored, so that a rebuild reads neither the
-- text nor the claims of articles that did not change. Nothing but a copy: bytes that are missing, or of another form,
-- are made anew from the claims.
create table article_facts (
    seq integer primary key,                   -- rows of some kilobytes: no table without row numbers
    article_id text not null unique references articles (id) on delete cascade,
    published_on text,                         -- that of the article
    form integer not null,                     -- fingerprint of the program's sources that say what is packed
    facts blob not null
) strict;
