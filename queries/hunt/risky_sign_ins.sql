-- title: Sign-ins with a risk that nobody has dealt with
-- about: Each open detection with the sign-in behind it: where from, into what, and whether it succeeded.
-- tables: risk_detections, sign_ins
-- param: since interval = '7 days' -- How far back to look.
-- tags: risk
SELECT d.detected_date_time, d.user_principal_name, d.risk_event_type, d.risk_level,
       d.ip_address, d.location['country_or_region'] AS country,
       s.app_display_name, s.status['error_code'] AS error_code
  FROM risk_detections d
  JOIN sign_ins s ON s.id = d.request_id
 WHERE d.risk_state = 'atRisk'
   AND d.detected_date_time > now() - $since
   AND s.created_date_time > now() - $since - INTERVAL '3 days' -- some are found days later
 ORDER BY error_code, d.detected_date_time DESC;
