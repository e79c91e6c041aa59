-- Format 2: what carried a request, and further words for what became of a response.

-- tcp, tls, failed_handshake. All that came before came over TCP alone.
ALTER TABLE exchange ADD COLUMN transport TEXT NOT NULL DEFAULT 'tcp';

-- `outcome` may say closed, reset and stopped besides sent and caller_left.
