-- From one table of responses, and one of revisions, to tables divided by period and questionnaire, while phones go on sending.
-- docs/scaling.md says when and why; `python -m tests.bench.partitions` runs these steps over some hundred thousand rows and measures.
-- :cut is the first day of a period to come; what is there until then stays where it is, as the first part, and is not copied.
-- Each step is one transaction but those that say otherwise. Steps up to the last can be stopped and begun again.

-- step: registry
-- Uniqueness over all parts: an id is one response's, whichever part it lies in. A unique key of a divided table has to hold what it is
-- divided by, and could not say so.
CREATE TABLE response_ids (
    id varchar(36) PRIMARY KEY,
    received_at timestamptz NOT NULL,
    questionnaire_id integer NOT NULL,
    UNIQUE (id, received_at)
);
CREATE FUNCTION register_response() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM response_ids WHERE id = OLD.id;
        RETURN OLD;
    END IF;
    INSERT INTO response_ids VALUES (NEW.id, NEW.received_at, NEW.questionnaire_id);
    RETURN NEW;
END $$;
CREATE TRIGGER response_registered BEFORE INSERT OR DELETE ON responses FOR EACH ROW EXECUTE FUNCTION register_response();
ALTER TABLE revisions ADD COLUMN response_at timestamptz;
-- Until the server itself writes the column (it has to, since a trigger may not choose the part that a row goes to).
CREATE FUNCTION date_revision() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.response_at := (SELECT received_at FROM response_ids WHERE id = NEW.response_id);
    RETURN NEW;
END $$;
CREATE TRIGGER revision_dated BEFORE INSERT ON revisions FOR EACH ROW WHEN (NEW.response_at IS NULL) EXECUTE FUNCTION date_revision();

-- step: fill registry (in batches, each its own transaction; again until no row is added)
INSERT INTO response_ids (id, received_at, questionnaire_id)
SELECT r.id, r.received_at, r.questionnaire_id FROM responses r
WHERE NOT EXISTS (SELECT 1 FROM response_ids i WHERE i.id = r.id) LIMIT 20000
ON CONFLICT DO NOTHING;

-- step: fill revisions (in batches, each its own transaction; again until no row is changed)
UPDATE revisions v SET response_at = i.received_at FROM response_ids i
WHERE i.id = v.response_id AND (v.response_id, v.number) IN
    (SELECT response_id, number FROM revisions WHERE response_at IS NULL LIMIT 20000);

-- step: indexes (each outside of a transaction)
CREATE UNIQUE INDEX CONCURRENTLY responses_until_key ON responses (id, received_at, questionnaire_id);
CREATE UNIQUE INDEX CONCURRENTLY revisions_until_key ON revisions (response_id, number, response_at);
CREATE UNIQUE INDEX CONCURRENTLY revisions_until_hash ON revisions (response_id, content_hash, response_at);

-- step: checks (each its own transaction; validation reads, and holds up nobody)
ALTER TABLE responses ADD CONSTRAINT until_cut CHECK (received_at IS NOT NULL AND received_at < :cut) NOT VALID;
ALTER TABLE responses VALIDATE CONSTRAINT until_cut;
ALTER TABLE revisions ADD CONSTRAINT until_cut CHECK (response_at IS NOT NULL AND response_at < :cut) NOT VALID;
ALTER TABLE revisions VALIDATE CONSTRAINT until_cut;

-- step: references (each statement its own transaction)
-- What belongs to a response refers to its registered id from now on, in whichever part the response lies. Locks are taken in the order in
-- which writers take them, the registry first: the other way round, a writer and this step would wait for each other.
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE response_measures ADD CONSTRAINT registered_response_measures_response_id FOREIGN KEY (response_id) REFERENCES response_ids (id) NOT VALID;
END $$;
ALTER TABLE response_measures VALIDATE CONSTRAINT registered_response_measures_response_id;
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE response_flags ADD CONSTRAINT registered_response_flags_response_id FOREIGN KEY (response_id) REFERENCES response_ids (id) NOT VALID;
END $$;
ALTER TABLE response_flags VALIDATE CONSTRAINT registered_response_flags_response_id;
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE response_terms ADD CONSTRAINT registered_response_terms_response_id FOREIGN KEY (response_id) REFERENCES response_ids (id) NOT VALID;
END $$;
ALTER TABLE response_terms VALIDATE CONSTRAINT registered_response_terms_response_id;
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE comments ADD CONSTRAINT registered_comments_response_id FOREIGN KEY (response_id) REFERENCES response_ids (id) NOT VALID;
END $$;
ALTER TABLE comments VALIDATE CONSTRAINT registered_comments_response_id;
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE decisions ADD CONSTRAINT registered_decisions_response_id FOREIGN KEY (response_id) REFERENCES response_ids (id) NOT VALID;
END $$;
ALTER TABLE decisions VALIDATE CONSTRAINT registered_decisions_response_id;
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE no_duplicates ADD CONSTRAINT registered_no_duplicates_one_id FOREIGN KEY (one_id) REFERENCES response_ids (id) NOT VALID;
END $$;
ALTER TABLE no_duplicates VALIDATE CONSTRAINT registered_no_duplicates_one_id;
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE no_duplicates ADD CONSTRAINT registered_no_duplicates_other_id FOREIGN KEY (other_id) REFERENCES response_ids (id) NOT VALID;
END $$;
ALTER TABLE no_duplicates VALIDATE CONSTRAINT registered_no_duplicates_other_id;
DO $$ BEGIN
    LOCK TABLE response_ids IN SHARE ROW EXCLUSIVE MODE;
    ALTER TABLE revisions ADD CONSTRAINT registered_revisions FOREIGN KEY (response_id, response_at)
        REFERENCES response_ids (id, received_at) NOT VALID;
END $$;
ALTER TABLE revisions VALIDATE CONSTRAINT registered_revisions;

-- step: switch
-- The one moment in which writers wait. No row is read or copied: the checks above have said already what the parts hold.
SET LOCAL lock_timeout = '5s';
LOCK TABLE responses, response_ids, revisions IN ACCESS EXCLUSIVE MODE;
DO $$ DECLARE key record; BEGIN
    FOR key IN SELECT conrelid::regclass AS of, conname FROM pg_constraint WHERE confrelid = 'responses'::regclass LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.of, key.conname);
    END LOOP;
END $$;
ALTER TABLE responses RENAME TO responses_until;
ALTER TABLE responses_until DROP CONSTRAINT pk_responses;
ALTER TABLE responses_until ALTER COLUMN received_at SET NOT NULL, ALTER COLUMN questionnaire_id SET NOT NULL;
ALTER TABLE responses_until ADD CONSTRAINT responses_until_pk PRIMARY KEY USING INDEX responses_until_key;
DROP TRIGGER response_registered ON responses_until;
DROP TRIGGER response_counted ON responses_until;
CREATE TABLE responses (LIKE responses_until INCLUDING DEFAULTS) PARTITION BY RANGE (received_at);
ALTER TABLE responses ADD CONSTRAINT pk_responses PRIMARY KEY (id, received_at, questionnaire_id);
ALTER TABLE responses ATTACH PARTITION responses_until FOR VALUES FROM (MINVALUE) TO (:cut);
CREATE TRIGGER response_registered BEFORE INSERT OR DELETE ON responses FOR EACH ROW EXECUTE FUNCTION register_response();
CREATE TRIGGER response_counted AFTER INSERT OR DELETE OR UPDATE OF
    questionnaire_id, place_id, author_id, received_on, state, is_test ON responses FOR EACH ROW EXECUTE FUNCTION count_response();
ALTER TABLE revisions RENAME TO revisions_until;
DROP TRIGGER revision_dated ON revisions_until;
ALTER TABLE revisions_until DROP CONSTRAINT pk_revisions;
ALTER TABLE revisions_until ALTER COLUMN response_at SET NOT NULL;
ALTER TABLE revisions_until ADD CONSTRAINT revisions_until_pk PRIMARY KEY USING INDEX revisions_until_key;
CREATE TABLE revisions (LIKE revisions_until INCLUDING DEFAULTS) PARTITION BY RANGE (response_at);
ALTER TABLE revisions ADD CONSTRAINT pk_revisions PRIMARY KEY (response_id, number, response_at);
ALTER TABLE revisions ADD CONSTRAINT registered_revisions FOREIGN KEY (response_id, response_at) REFERENCES response_ids (id, received_at);
ALTER TABLE revisions ATTACH PARTITION revisions_until FOR VALUES FROM (MINVALUE) TO (:cut);
CREATE UNIQUE INDEX revisions_hash ON revisions (response_id, content_hash, response_at);

-- step: listing indexes (one transaction each; an equal index of a part is taken over and not built again)
CREATE INDEX responses_listing ON responses (questionnaire_id, received_at, id);
CREATE INDEX responses_coverage ON responses (questionnaire_id, place_id, received_at, state);
CREATE INDEX responses_newest ON responses (received_at, id);

-- step: a period to come (a month or a quarter; a questionnaire that is large gets its own part, all others share one)
CREATE TABLE responses_:period PARTITION OF responses FOR VALUES FROM (:from) TO (:to) PARTITION BY LIST (questionnaire_id);
CREATE TABLE responses_:period_q:large PARTITION OF responses_:period FOR VALUES IN (:large);
CREATE TABLE responses_:period_others PARTITION OF responses_:period DEFAULT;
CREATE TABLE revisions_:period PARTITION OF revisions FOR VALUES FROM (:from) TO (:to);

-- step: a period goes (its exports and backups were made; what refers to it goes first)
DELETE FROM response_measures o USING response_ids i WHERE i.id = o.response_id AND i.received_at >= :from AND i.received_at < :to;
DELETE FROM response_flags o USING response_ids i WHERE i.id = o.response_id AND i.received_at >= :from AND i.received_at < :to;
DELETE FROM response_terms WHERE received_at >= :from AND received_at < :to;
ALTER TABLE revisions DETACH PARTITION revisions_:period;
ALTER TABLE responses DETACH PARTITION responses_:period;
DROP TABLE revisions_:period, responses_:period;
DELETE FROM response_ids WHERE received_at >= :from AND received_at < :to;
