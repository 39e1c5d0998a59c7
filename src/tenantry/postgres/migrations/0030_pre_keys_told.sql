-- Who was told the secret of a key, when it was made or renewed. Who signed up with an address that is not
-- theirs knows it still, once the address is reclaimed: so it ends then, whoever's the key is.
alter table api_key_secrets add column if not exists told_to uuid;
