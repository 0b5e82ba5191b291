-- title: What Identity Protection has detected
-- about: Detections by type and level, with the number of users and how many cases are still open.
-- tables: risk_detections
-- param: since interval = '30 days' -- How far back to look.
-- tags: risk
SELECT risk_event_type, risk_level, count(*) AS detections,
       count(DISTINCT user_id) AS users,
       count(*) FILTER (WHERE risk_state IN ('atRisk', 'confirmedCompromised')) AS open,
       min(detected_date_time) AS first_seen, max(detected_date_time) AS last_seen
  FROM risk_detections
 WHERE detected_date_time > now() - $since
 GROUP BY risk_event_type, risk_level
 ORDER BY open DESC, detections DESC, risk_event_type;
