-- The first version of the schema. Times are Unix seconds (UTC), dates YYYY-MM-DD, money minor units beside an ISO 4217 code.
-- Kinds are numbered as in crm/kind.h: 1 user, 2 team, 3 customer, 4 contact, 5 lead, 6 followup, 7 stage change, 8 consent.
-- Every table of records has: created_at, updated_at, deleted_at (soft deletion), version (counts changes, for --if-version).

-- Settings of this database that init decides: timezone, currency, country; and what is known of all its records: decimal_places
-- are those that their currencies have, a digit each.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each applied workflow file, kept for ever; the one with the highest id is active.
CREATE TABLE workflow_revision (
  id INTEGER PRIMARY KEY,
  applied_at INTEGER NOT NULL,
  applied_by TEXT NOT NULL,
  name TEXT NOT NULL,
  file TEXT,               -- the file's name as it was given; none: the standard input, or the built-in process
  source TEXT NOT NULL,    -- the file as it was, comments included
  compiled TEXT NOT NULL   -- the checked process as JSON: ordinary commands load this and parse no YAML
) STRICT;

-- What a record's stage and the clocks on it ask for, and when the next of it is due: 'crm workflow run' looks at what is due alone.
CREATE TABLE timer (
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,
  name TEXT NOT NULL,           -- stage: the dwell limit; respond, resolve: the clocks of the SLA
  started_at INTEGER NOT NULL,
  limit_at INTEGER,             -- when all of the limit has passed; none while the clock stands still
  due_at INTEGER,               -- when the next step is due; none: nothing is to come
  row TEXT NOT NULL DEFAULT '', -- the condition of the SLA's row that the clock runs by
  step INTEGER NOT NULL,        -- how many steps of it have acted, or were past already when an import brought the record
  state TEXT NOT NULL,          -- running, paused, met, late (met after the limit), over, missed (by an import: nothing acted)
  PRIMARY KEY (kind, record, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer(due_at) WHERE due_at IS NOT NULL;

-- How many steps acted by rows of an SLA that a clock ran by before: should it come back to one, they do not act again.
CREATE TABLE timer_former (
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,
  name TEXT NOT NULL,
  row TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  step INTEGER NOT NULL,
  PRIMARY KEY (kind, record, name, row)
) STRICT, WITHOUT ROWID;

-- Scheduled rules and reminders by name: since when they count, and the last planned time they ran for.
CREATE TABLE schedule_run (
  name TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  ran_for INTEGER
) STRICT, WITHOUT ROWID;

-- The records that a scheduled rule found to match when it last ran, and when it acted on them last.
CREATE TABLE rule_match (
  rule TEXT NOT NULL,
  record INTEGER NOT NULL,
  acted_at INTEGER,             -- none: it matched already when the rule was new, and the rule skips its backlog
  PRIMARY KEY (rule, record)
) STRICT, WITHOUT ROWID;

-- Each evaluation of a rule for a record, kept as long as the workflow's `history` says.
CREATE TABLE rule_run (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,          -- the moment it acted for
  rule TEXT NOT NULL,
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,
  cause TEXT NOT NULL,          -- the event, or the planned time
  outcome TEXT NOT NULL,        -- acted; not; failed
  detail TEXT,                  -- what it did; the part of the condition that did not hold; the failure
  change INTEGER                -- the change that it belongs to
) STRICT;
-- None by rule or moment: each write would touch another page, for questions that are seldom asked.
CREATE INDEX rule_run_record ON rule_run(kind, record);

-- Commands that wait until somebody has agreed.
CREATE TABLE approval (
  id INTEGER PRIMARY KEY,
  approval TEXT NOT NULL,       -- its name in the workflow
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,      -- 0: one that the command is to make
  version INTEGER,              -- of the record when it was asked for
  words TEXT NOT NULL,          -- the command line, a JSON list: carried out when the approval is given; [] once it ended
  command TEXT NOT NULL,        -- the same for people, without sensitive values
  asked_by INTEGER NOT NULL REFERENCES user(id),
  asked_at INTEGER NOT NULL,
  due_at INTEGER,               -- when others may decide too
  escalated INTEGER NOT NULL,   -- 1: they may
  alone INTEGER NOT NULL,       -- 1: the command went on without this record; it is carried out on this one only
  state TEXT NOT NULL,          -- waiting, approved, skipped (by the fast track), rejected, withdrawn, outdated (the record was changed first)
  decided_at INTEGER,
  decided_by INTEGER REFERENCES user(id),
  reason TEXT,
  done_at INTEGER,              -- when the command was carried out
  done_change INTEGER           -- the change that it was
) STRICT;
CREATE INDEX approval_waiting ON approval(due_at) WHERE state = 'waiting';
CREATE INDEX approval_record ON approval(kind, record);

-- Those whose word a request needs, in order.
CREATE TABLE approval_seat (
  request INTEGER NOT NULL REFERENCES approval(id),
  position INTEGER NOT NULL,
  approver TEXT NOT NULL,       -- as the workflow names them: manager, role/NAME, a user
  user INTEGER REFERENCES user(id),  -- who decides in their place
  decision TEXT,                -- approved, rejected
  by_user INTEGER REFERENCES user(id),
  at INTEGER,
  comment TEXT,
  PRIMARY KEY (request, position)
) STRICT, WITHOUT ROWID;

-- Who is doing what only one process may do at a time. Times are by the system's clock.
CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,         -- boot id, process and its start
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  lead INTEGER REFERENCES user(id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX team_name ON team(name) WHERE deleted_at IS NULL;

CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  login TEXT,
  email TEXT,
  email_key TEXT,
  team INTEGER REFERENCES team(id),
  manager INTEGER REFERENCES user(id),
  role TEXT,
  timezone TEXT,
  language TEXT,
  active INTEGER NOT NULL DEFAULT 1,
  absent_until TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX user_name ON user(name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX user_login ON user(login) WHERE deleted_at IS NULL;

CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  company TEXT,
  type TEXT,
  phone TEXT,
  phone_key TEXT,   -- E.164
  email TEXT,
  email_key TEXT,   -- folded
  website TEXT,
  industry TEXT,
  region TEXT,
  address TEXT,
  level TEXT,
  level_reason TEXT,
  level_until TEXT,
  source TEXT,
  owner INTEGER REFERENCES user(id),
  parent INTEGER REFERENCES customer(id),
  note TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX customer_owner ON customer(owner, created_at) WHERE deleted_at IS NULL;
CREATE INDEX customer_parent ON customer(parent) WHERE parent IS NOT NULL;

CREATE TABLE contact (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  customer INTEGER REFERENCES customer(id),
  title TEXT,
  role TEXT,
  phone TEXT,
  phone_key TEXT,
  email TEXT,
  email_key TEXT,
  wechat TEXT,
  birthday TEXT,
  note TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX contact_customer ON contact(customer) WHERE customer IS NOT NULL;

CREATE TABLE lead (
  id INTEGER PRIMARY KEY,
  -- What the indexes hold stands first: so they are made without reading the rest of a row. An amount is looked at with its currency.
  stage TEXT NOT NULL,
  owner INTEGER REFERENCES user(id),   -- nobody: the shared pool
  amount INTEGER,
  currency TEXT,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  customer INTEGER REFERENCES customer(id),  -- what convert made
  contact INTEGER REFERENCES contact(id),
  name TEXT NOT NULL,
  company TEXT,
  title TEXT,
  phone TEXT,
  phone_key TEXT,
  email TEXT,
  email_key TEXT,
  wechat TEXT,
  region TEXT,
  source TEXT,
  team INTEGER REFERENCES team(id),
  score INTEGER,
  score_until TEXT,
  lost_reason TEXT,
  note TEXT,
  updated_at INTEGER NOT NULL,
  assigned_at INTEGER,
  stage_entered_at INTEGER,
  closed_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- The three ways a list of leads is asked for: whose, in which stage, how new.
CREATE INDEX lead_owner ON lead(owner, created_at) WHERE deleted_at IS NULL;
CREATE INDEX lead_stage ON lead(stage, amount, deleted_at) WHERE deleted_at IS NULL;  -- the last for the condition: so it covers the funnel
CREATE INDEX lead_created ON lead(created_at) WHERE deleted_at IS NULL;
-- Only converted leads are in these.
CREATE INDEX lead_customer ON lead(customer) WHERE customer IS NOT NULL;
CREATE INDEX lead_contact ON lead(contact) WHERE contact IS NOT NULL;

-- A talk that happened has `at`; a plan has `due_at` and no `at`, and is open until `done_at`.
CREATE TABLE followup (
  id INTEGER PRIMARY KEY,
  about_kind INTEGER NOT NULL,
  about_id INTEGER NOT NULL,
  type TEXT,
  at INTEGER,
  logged_at INTEGER,
  due_at INTEGER,
  done_at INTEGER,
  snoozed_until INTEGER,      -- nobody is reminded before that
  acknowledged_at INTEGER,    -- nobody is reminded until it is rescheduled
  owner INTEGER REFERENCES user(id),
  outcome TEXT,
  note TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX followup_about ON followup(about_kind, about_id, at);
-- Open plans only: what is due or overdue, by person, without looking at the millions that are done.
CREATE INDEX followup_open ON followup(owner, due_at) WHERE done_at IS NULL AND due_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX followup_due ON followup(due_at) WHERE done_at IS NULL AND due_at IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE stage_change (
  id INTEGER PRIMARY KEY,
  record_kind INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  from_stage TEXT,
  to_stage TEXT NOT NULL,
  at INTEGER NOT NULL,
  by_user INTEGER REFERENCES user(id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
-- Covers the funnel's scan: a record's history in order of time, without the rows. The last column is what the condition asks for: without
-- it SQLite would look at each row for it.
CREATE INDEX stage_change_record ON stage_change(record_kind, record_id, at, from_stage, to_stage, deleted_at) WHERE deleted_at IS NULL;

-- What people said of being written to: a statement each, the latest counts. About a person, an address, or both. The purpose 'contact'
-- withdrawn means: do not contact at all.
CREATE TABLE consent (
  id INTEGER PRIMARY KEY,
  about_kind INTEGER,
  about_id INTEGER,
  address TEXT,
  address_key TEXT,   -- folded
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,   -- given, withdrawn
  at INTEGER NOT NULL,
  evidence TEXT,
  by_user INTEGER REFERENCES user(id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX consent_about ON consent(about_kind, about_id) WHERE about_id IS NOT NULL;
CREATE INDEX consent_address ON consent(address_key) WHERE address_key IS NOT NULL;
-- Whether anybody opted out at all.
CREATE INDEX consent_withdrawn ON consent(purpose) WHERE state = 'withdrawn';

CREATE TABLE tag (
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, record, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_name ON tag(kind, name, record);

-- What a record is called in other systems: SOURCE/KEY, unique per kind; a record may have several.
CREATE TABLE external_ref (
  kind INTEGER NOT NULL,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (kind, source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_ref_record ON external_ref(kind, record);

-- One command's change. Its hash is SHA-256 over its predecessor's hash, its own columns and a BLAKE2b-256 of its events' digests, so the
-- log commits to what was done without holding the values themselves: they can be erased for good and the chain stays whole.
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,        -- the moment by the system's clock
  acted_at INTEGER NOT NULL,  -- the moment the command acted for: --now, else the same
  actor TEXT NOT NULL,        -- login or user name
  program TEXT NOT NULL,
  command TEXT NOT NULL,      -- without sensitive values
  reason TEXT,
  undoes INTEGER,             -- the change that this one takes back
  first_event INTEGER NOT NULL,  -- its events are numbered from here on
  events INTEGER NOT NULL,       -- how many
  hash BLOB NOT NULL
) STRICT;

-- One record touched by a change. History is read backwards from the present, so a creation stores no copy of the row.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  change INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,
  action INTEGER NOT NULL,   -- 1 add, 2 edit, 3 delete, 4 restore, 5 remove (undo of an add)
  salt BLOB,                 -- 16 random bytes; goes when a person is erased
  row_digest BLOB NOT NULL,  -- BLAKE2b-128 of the row after the change, with the salt
  old TEXT,                  -- JSON: the old values of what changed
  old_digest BLOB,           -- BLAKE2b-128 of `old`, with the salt
  rule TEXT,                 -- the workflow's rule that did it, on behalf of the change's actor; none: the actor did
  acted_at INTEGER           -- the planned time that it was done for; none: the moment that the change acted for
) STRICT;
CREATE INDEX event_record ON event(kind, record);

-- A record that became part of another one: it is deleted, and its number leads to that one.
CREATE TABLE merge (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  loser INTEGER NOT NULL,
  winner INTEGER NOT NULL,
  change INTEGER NOT NULL,
  unmerged_by INTEGER  -- the change that parted them again
) STRICT;
CREATE INDEX merge_loser ON merge(kind, loser);
CREATE INDEX merge_winner ON merge(kind, winner);

-- What a merge set: a field's value, or an item of a list, on the winner, the loser or a record that pointed to the loser.
CREATE TABLE merge_part (
  id INTEGER PRIMARY KEY,
  merge INTEGER NOT NULL REFERENCES merge(id),
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,
  field TEXT NOT NULL,
  old ANY,
  new ANY
) STRICT;
CREATE INDEX merge_part_merge ON merge_part(merge);
CREATE INDEX merge_part_record ON merge_part(kind, record, field);

-- Each import of a file, noted before its first row. All its rows are one transaction: of one that is 'running' and whose process
-- is gone, nothing but this row is in the database.
CREATE TABLE import_run (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  file TEXT NOT NULL,         -- as it was named; '-': the standard input
  digest TEXT,                -- SHA-256 of its bytes, as hex; the standard input has none
  preset TEXT,
  source TEXT,                -- the system that --source named
  own_export INTEGER NOT NULL DEFAULT 0,  -- an export of ours: its rows have the numbers of the database it comes from
  actor TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  state TEXT NOT NULL,        -- running, done, failed
  lease TEXT,                 -- while it runs: boot id, process and its start
  change INTEGER,             -- its change of the log; none where no record was touched
  first_event INTEGER,        -- its events, without a gap
  last_event INTEGER,
  added INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX import_run_digest ON import_run(digest) WHERE digest IS NOT NULL;

-- The changes that took an import back: several, where records were kept at first.
CREATE TABLE import_undo (
  run INTEGER NOT NULL REFERENCES import_run(id),
  change INTEGER NOT NULL,
  PRIMARY KEY (run, change)
) STRICT, WITHOUT ROWID;

-- Numbers that rows of an export could not keep, since other records had them.
CREATE TABLE import_renumbered (
  run INTEGER NOT NULL REFERENCES import_run(id),
  old INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (run, old, record)
) STRICT, WITHOUT ROWID;

-- The words of all kinds' records, folded, Chinese characters apart, without the texts: these are made of the record whenever they are
-- needed. rowid: kind * 2^48 + id.
CREATE VIRTUAL TABLE search_index USING fts5(text, tokenize = 'ascii', columnsize = 0, content = '');

-- Whose turn it is in a round of assignment: the id last taken, by the name of the round.
CREATE TABLE assignment_turn (
  round TEXT PRIMARY KEY,
  last_user INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where messages go, by name. The columns that name a secret hold where it is kept (file:PATH, credential:NAME, env:NAME, fd:N), never
-- the secret.
CREATE TABLE channel (
  name TEXT PRIMARY KEY,
  type TEXT NOT NULL,       -- smtp, webhook, sendmail, directory, stdout
  target TEXT NOT NULL,     -- smtp: URL; webhook: URL, or where it is kept; directory: path; else empty
  sender TEXT,              -- the sender's e-mail address
  tls TEXT,                 -- smtp: none, starttls, tls
  login TEXT,               -- smtp: the account
  password TEXT,            -- smtp: where its password is kept
  authority TEXT,           -- a file of certificates to trust in place of the system's
  format TEXT,              -- webhook: wecom, dingtalk, feishu, slack, json
  secret TEXT,              -- webhook: where the key of its signature is kept
  answer_within INTEGER NOT NULL,   -- seconds
  per_minute INTEGER,       -- at most so many messages in a minute; none: any number
  on_doubt TEXT,            -- resend, hold; none: as each message says
  hours TEXT,               -- when it may disturb people: HH:MM-HH:MM, calendar; none: always
  is_default INTEGER NOT NULL,      -- takes the messages that name no channel
  next_slot INTEGER NOT NULL DEFAULT 0       -- milliseconds: when the next message may be handed over
) STRICT, WITHOUT ROWID;

-- Turns in proportion to weights: who has most credit is next.
CREATE TABLE assignment_share (
  round TEXT NOT NULL,
  user INTEGER NOT NULL,
  credit INTEGER NOT NULL,
  PRIMARY KEY (round, user)
) STRICT, WITHOUT ROWID;

-- How records came to people, and when people lost them: daily quotas, limits of claims, the time before a former owner may claim again.
CREATE TABLE ownership (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  record INTEGER NOT NULL,
  user INTEGER REFERENCES user(id),   -- nobody: the table left it in the pool
  at INTEGER NOT NULL,
  noted_at INTEGER NOT NULL,          -- by the system's clock: limits of claims count by it, whatever moment a command acts at
  how TEXT NOT NULL,                  -- table, claim, left, warned
  line INTEGER,                       -- of the table's row in the workflow file
  explanation TEXT                    -- why that row, and that person
) STRICT;
CREATE INDEX ownership_record ON ownership(kind, record, at);
CREATE INDEX ownership_user ON ownership(kind, user, how, at);

-- Messages out. The key (what made it, person, period) is unique: whatever cron does, a message is made once. Times are by the
-- system's clock, never --now.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  person INTEGER REFERENCES user(id),   -- to one of us
  recipient_kind INTEGER,     -- to a customer, contact or lead
  recipient INTEGER,
  purpose TEXT,               -- what the recipient must have agreed to; none: it needs no consent
  about_kind INTEGER,         -- the record that it is about: without it the message is not sent
  about INTEGER,
  via TEXT,                   -- the channel that it is to go by; none: the default one
  address TEXT,               -- where it went; of an open one with a purpose the only one it may go to, of others the person's own counts
  channel TEXT,               -- the channel it was handed to last; none: not yet
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  html TEXT,                  -- the body for mail programs that show HTML; none: made from it
  payload TEXT,               -- a JSON object for a web hook of format json
  hours TEXT,                 -- when it may disturb the person, beside the channel's: HH:MM-HH:MM, calendar; none: always
  on_doubt TEXT NOT NULL,     -- what to do where its sender was killed: resend, hold
  made_for INTEGER,           -- of a reminder: the moment that it speaks of
  as_of INTEGER,              -- of a reminder: the last change that its text knows
  text_at INTEGER,            -- of a reminder: when its text was made, by the system's clock
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL,        -- queued; sending; sent; failed (refused for good); dead (given up); doubt (held); cancelled
  lease TEXT,                 -- boot id, process and its start: who is sending it
  lease_until INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,     -- how often it was handed over and an answer noted
  next_try_at INTEGER NOT NULL DEFAULT 0,
  first_sent_at INTEGER,      -- when it was first handed over: its mail has that date each time
  sent_at INTEGER,
  reply TEXT,                 -- what the other side said
  purged_at INTEGER           -- its texts and addresses were erased; the key stays
) STRICT;
-- Asked with this very condition: of the many that have ended nothing is read. For a list of IN, SQLite makes a table at each
-- write of a row, which takes as long as the write itself.
CREATE INDEX outbox_open ON outbox(id) WHERE state = 'queued' OR state = 'sending' OR state = 'doubt';
CREATE INDEX outbox_about ON outbox(about_kind, about) WHERE state = 'queued' OR state = 'sending' OR state = 'doubt';
CREATE INDEX outbox_recipient ON outbox(recipient_kind, recipient) WHERE recipient IS NOT NULL;

-- Named filters: which records of a kind.
CREATE TABLE segment (
  name TEXT PRIMARY KEY,
  kind INTEGER NOT NULL,
  expression TEXT NOT NULL,
  description TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Outreach: one message to each person of a segment who agreed. What its last preview said is what a send is bound to.
CREATE TABLE outreach (
  name TEXT PRIMARY KEY,
  kind INTEGER NOT NULL,
  segment TEXT NOT NULL,      -- the name of one, or an expression
  template TEXT NOT NULL,
  purpose TEXT NOT NULL,
  via TEXT,                   -- the channel; none: the default one
  most INTEGER NOT NULL,      -- messages in one run
  per_person INTEGER NOT NULL,   -- messages to one person in `per_days` days, of all outreach
  per_days INTEGER NOT NULL,
  previewed_at INTEGER NOT NULL,
  previewed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
