"""The server side of SMTP and LMTP: conversations, their limits and their certificate. Knows no tickets."""
